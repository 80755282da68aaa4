import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { gallery } from "@doorbuster/loadgen/museum/gallery"
import type { Mutant } from "@doorbuster/loadgen/museum/Mutant"
import { expect, test } from "vitest"
import type { CallInput } from "./programs/call.ts"

const program = new URL("./programs/call.ts", import.meta.url)
const execArgv = ["--disable-warning=ExperimentalWarning"]

const call = async (input: CallInput): Promise<unknown> => {
  const worker = new Worker(program, { workerData: input, execArgv })
  const [told] = await once(worker, "message")
  await worker.terminate()
  return told
}

const line = (sku: string, quantity: number) => ({ sku, quantity, kind: "stocked" })
const plan = {
  account: "ann",
  quote: { lines: [line("MUG", 2), line("MUG", 3)], couponsUsed: [], limits: [] }
}
const stockLines = { file: "core/src/checkout/stockLines.ts", name: "stockLines", argument: plan }

const named = (name: string): Mutant => gallery.find((mutant) => mutant.name === name) as Mutant

test("without a mutant the store is what its source says", async () => {
  const told = await call({ ...stockLines, mutant: null })
  expect(told).toEqual({ answer: [{ key: "MUG", quantity: 5 }] })
})

test("a mutant changes what the store does", async () => {
  const told = await call({ ...stockLines, mutant: named("two-lines-checked-one-by-one") })
  expect(told).toEqual({ answer: [{ key: "MUG", quantity: 3 }] })
})

test("a change reaches those who import the changed file", async () => {
  const mutant = {
    ...named("two-lines-checked-one-by-one"),
    patches: [
      {
        file: "core/src/inventory/StockKey.ts",
        find: "export const ofSku = (sku: Sku): StockKey => sku as string as StockKey",
        replace: `export const ofSku = (sku: Sku): StockKey => \`other-\${sku}\` as StockKey`
      }
    ]
  }
  const told = await call({ ...stockLines, mutant })
  expect(told).toEqual({ answer: [{ key: "other-MUG", quantity: 5 }] })
})

test("a mutant that no longer fits says which file of which mutant it is", async () => {
  const [first] = named("two-lines-checked-one-by-one").patches
  const patches = [{ file: "", ...first, find: "this was never there", replace: "" }]
  const mutant = { ...named("two-lines-checked-one-by-one"), patches }
  const { error } = (await call({ ...stockLines, mutant })) as { readonly error: string }
  expect(error).toContain("two-lines-checked-one-by-one")
  expect(error).toContain("core/src/checkout/stockLines.ts is found nowhere")
})
