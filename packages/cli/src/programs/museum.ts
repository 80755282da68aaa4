import { availableParallelism } from "node:os"
import { gallery } from "@doorbuster/loadgen/museum/gallery"
import { allFound, isUnchangedSound } from "@doorbuster/loadgen/museum/MuseumReport"
import { museum as runMuseum } from "@doorbuster/loadgen/museum/museum"
import * as Effect from "effect/Effect"
import { exitCodes } from "../exitCodes.ts"
import type { Program } from "../Program.ts"
import { museumPage } from "../views/museumPage.ts"
import {
  exhibitView,
  galleryJson,
  galleryView,
  museumJson,
  museumView
} from "../views/museumView.ts"
import { progress } from "../views/Progress.ts"
import { UsageRefused } from "./refund.ts"

export interface MuseumOptions {
  /** Undefined is all of them. */
  readonly name: string | undefined
  readonly runs: number
  readonly seed: number
  /** Undefined is one for each processor. */
  readonly jobs: number | undefined
  readonly form: "report" | "page" | "list"
}

export const museum =
  ({ form, jobs = availableParallelism(), name, runs, seed }: MuseumOptions): Program =>
  () =>
    Effect.gen(function* () {
      const mutants = gallery.filter((mutant) => name === undefined || mutant.name === name)
      if (mutants.length === 0) {
        const problem = `no mutant is named "${name}"; \`store museum --list\` names them all`
        return yield* new UsageRefused({ problem })
      }
      if (form === "list") return { json: galleryJson(mutants), text: galleryView(mutants) }
      const { at } = yield* progress("seeds run")
      const report = yield* runMuseum({ mutants, runs, seed, jobs, onProgress: at })
      const isSound = allFound(report) && isUnchangedSound(report)
      const view = name === undefined ? museumView : exhibitView
      return {
        json: museumJson(report),
        text: form === "page" ? museumPage(report) : view(report),
        exit: isSound ? exitCodes.ok : exitCodes.invariantBroken
      }
    }).pipe(Effect.scoped)
