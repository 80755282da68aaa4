import { type IncomingMessage, Server, type ServerOptions, type ServerResponse } from "node:http"
import { GateKeeper } from "@doorbuster/core/edge/GateKeeper"
import { Sessions } from "@doorbuster/core/edge/Sessions"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { QueueMode } from "@doorbuster/core/queue/QueueDesk"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schedule from "effect/Schedule"
import { Draining } from "../Draining.ts"
import { RequestSettings } from "../Intake.ts"
import { HttpSecrets } from "../identity/HttpSecrets.ts"
import { Surface } from "../Surface.ts"
import { ClaimLookups, type LookUp } from "./ClaimLookups.ts"
import { PageLane } from "./PageLane.ts"
import { type HandOver, SoldOutLane } from "./SoldOutLane.ts"
import { Tally } from "./Tally.ts"
import { TokenCache } from "./TokenCache.ts"

/** True when the lane answers the request, or hands it over later. */
export type Take = (request: IncomingMessage, response: ServerResponse) => boolean

/** A lane, given whom it hands over to. */
export type Lane = (handOver: HandOver) => Take

/** How late the metrics may hear of an answer, milliseconds. */
const tallyMs = 1_000

const claimLookups = Effect.gen(function* () {
  const sagas = yield* Sagas
  const { deadlineMs } = yield* RequestSettings
  const run = Effect.runForkWith(yield* Effect.context<never>())
  const lookUp: LookUp = (keys, answer) => {
    const fiber = run(sagas.claimsOf(keys))
    fiber.addObserver((exit) =>
      answer(Exit.isSuccess(exit) ? exit.value.map((claim) => claim !== undefined) : undefined)
    )
  }
  // A request may wait for the batch before its own, and has to be answered in time all the same.
  return new ClaimLookups(lookUp, deadlineMs / 2)
})

/**
 * The fast lane: what a flood asks for, answered on the server's own socket before a request is
 * decoded. It says nothing of its own, only what the endpoints would say; where it is in doubt,
 * and while the server drains, it leaves the request to them.
 */
export const makeLane = Effect.gen(function* () {
  const gate = yield* GateKeeper
  const draining = yield* Draining
  const secrets = yield* HttpSecrets
  const desk = yield* QueueMode
  const isWhole = (yield* Surface) === "whole"
  const claims = yield* claimLookups
  const runCounting = Effect.runSyncWith(yield* Effect.context<never>())
  const tally = new Tally((counting) => runCounting(counting))
  const flush = Effect.sync(() => tally.flush())
  yield* Effect.forkScoped(Effect.repeat(flush, Schedule.spaced(tallyMs)))
  yield* Effect.addFinalizer(() => flush)
  const pages = new PageLane(tally)
  const tokens = new TokenCache(secrets, yield* Sessions)

  const lane: Lane = (handOver) => {
    const refusals = new SoldOutLane({ gate, tokens, claims, tally, handOver })
    return (request, response) => {
      if (!isWhole || draining.begun()) return false
      if (request.url === "/metrics") tally.flush()
      // Who stands in line is known by a ticket; the gate's claims know nothing of it.
      if (desk === null && refusals.take(request, response)) return true
      return pages.take(request, response)
    }
  }
  return lane
})

/** A server that lets its lane see every request before its listeners do. */
export class LaneServer extends Server {
  readonly #take: Take

  constructor(options: ServerOptions, lane: Lane) {
    super(options)
    this.#take = lane((request, response) => super.emit("request", request, response))
  }

  // biome-ignore lint/suspicious/noExplicitAny: Node's own signature
  override emit(event: string | symbol, ...args: Array<any>): boolean {
    if (event === "request" && this.#take(args[0], args[1])) return true
    return super.emit(event, ...args)
  }
}
