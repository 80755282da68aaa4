import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Place, places } from "./support/places.ts"
import { runJson, runStore } from "./support/runStore.ts"
import { makeSampleStore } from "./support/sampleStore.ts"
import { type Serving, startServing } from "./support/serving.ts"

describe.each(places)("beside a running server on %s", (_, makePlace) => {
  let place: Place
  let serving: Serving
  let orders: Record<"shown" | "shipped" | "refunded" | "both", string>
  beforeAll(async () => {
    place = await makePlace()
    orders = await makeSampleStore(place, "shown", "shipped", "refunded", "both")
    serving = await startServing(place)
  })
  afterAll(async () => {
    await serving.stop()
    await place.remove()
  })

  const json = (...args: ReadonlyArray<string>) => runJson([...args, ...place.args])
  const text = (...args: ReadonlyArray<string>) => runStore([...args, ...place.args])
  const stockOf = async (sku: string) => (await json("stock", "show", sku)).json.stock[0]

  test("order show has lines, totals and the shipment", async () => {
    const { code, json: order } = await json("order", "show", orders.shown)
    expect(code).toBe(0)
    expect(order).toMatchObject({
      order_id: orders.shown,
      external_ref: "shown",
      state: "paid",
      currency: "EUR",
      total: 5699,
      refunded_total: 0,
      ship_to: { city: "Ulm" },
      lines: [
        { sku: "CUP", quantity: 2, unit_price: 350, total: 700 },
        { sku: "TEAPOT", quantity: 1, unit_price: 4999, total: 4999 }
      ],
      shipments: [{ state: "requested" }]
    })
    const { stdout } = await text("order", "show", orders.shown)
    expect(stdout).toMatch(/2\s+CUP|CUP\s+A cup\s+2\s+3\.50/)
    expect(stdout).toMatch(/total\s+56\.99 EUR/)
  })

  test("order list narrows by state, account and reference", async () => {
    const listed = async (...args: ReadonlyArray<string>) =>
      (await json("order", "list", ...args)).json.orders.map(
        (order: { readonly order_id: string }) => order.order_id
      )
    expect(await listed("--external-ref", "shown")).toEqual([orders.shown])
    expect(await listed("--account", "ann")).toContain(orders.shown)
    expect(await listed("--account", "bob")).toEqual([])
    expect(await listed("--state", "canceled")).toEqual([])
    expect(await listed("--limit", "1")).toHaveLength(1)
  })

  test("order explain is one time line over all parts, sorted by time", async () => {
    const { json: story } = await json("order", "explain", orders.shown)
    const moments: ReadonlyArray<Record<string, string>> = story.timeline
    const times = moments.map(({ at }) => at)
    expect(times).toEqual([...times].sort())
    const told = moments.map(({ event, source }) => `${source} ${event}`)
    expect(new Set(told)).toEqual(
      new Set([
        "saga checkout opened",
        "stock held",
        "order Place",
        "payment created",
        "payment captured",
        "ledger capture",
        "stock committed",
        "order Capture",
        "shipment requested",
        "saga checkout done"
      ])
    )
    expect(told[0]).toBe("saga checkout opened")
    const entry = moments.find(({ source }) => source === "ledger")
    expect(entry?.["postings"]).toContainEqual({ account: "assets:provider:sandbox", amount: 5699 })
  })

  test("order explain lines its columns up and shows postings below their entry", async () => {
    const { stdout } = await text("order", "explain", orders.shown)
    const lines = stdout.split("\n")
    const head = lines.find((line) => line.startsWith("time (UTC)")) ?? ""
    const debit = lines.findIndex((line) => line.includes("assets:provider:sandbox"))
    expect(lines[debit]).toMatch(/debit\s+56\.99/)
    const moment = lines.find((line) => line.includes("Capture")) ?? ""
    expect(moment.indexOf("order")).toBe(head.indexOf("part"))
    expect(moment.indexOf("Capture")).toBe(head.indexOf("event"))
  })

  test("an order is shipped once and then delivered, and not the other way round", async () => {
    const early = await json("order", "deliver", orders.shipped)
    expect(early.code).toBe(1)
    expect(early.json.error).toMatchObject({ code: "illegal_transition", from: "paid" })

    const shipped = await json("order", "ship", orders.shipped, "--carrier", "DHL")
    expect(shipped).toMatchObject({
      code: 0,
      json: { state: "shipped", carrier: "DHL", replayed: false }
    })
    expect(shipped.json.key).toContain(`ship:${orders.shipped}:`)
    const again = await json("order", "ship", orders.shipped, "--carrier", "DHL")
    expect(again).toMatchObject({ code: 0, json: { state: "shipped", replayed: true } })
    const other = await json("order", "ship", orders.shipped, "--carrier", "UPS")
    expect(other).toMatchObject({ code: 1, json: { error: { code: "illegal_transition" } } })

    const delivered = await json("order", "deliver", orders.shipped)
    expect(delivered).toMatchObject({ code: 0, json: { state: "completed" } })
  })

  test("a key means the same over HTTP and on the command line", async () => {
    const dataDir = place.flags["data-dir"] ?? ""
    const keys = JSON.parse(readFileSync(join(dataDir, "keys.json"), "utf8"))
    const post = async (action: string, body: object) => {
      const response = await fetch(`${serving.ready.url}/ops/orders/${orders.both}/${action}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${keys.staff_token}`,
          "content-type": "application/json",
          "idempotency-key": `both-${action}`
        },
        body: JSON.stringify(body)
      })
      expect(response.status).toBe(200)
    }
    const replayed = { code: 0, json: { replayed: true } }
    await post("ship", { tracking: "42", carrier: "DHL" })
    const ship = ["--carrier", "DHL", "--tracking", "42", "--key", "both-ship"]
    expect(await json("order", "ship", orders.both, ...ship)).toMatchObject(replayed)
    await post("deliver", {})
    const deliver = ["--key", "both-deliver"]
    expect(await json("order", "deliver", orders.both, ...deliver)).toMatchObject(replayed)
    await post("refund", { restock: [{ sku: "CUP", quantity: 1 }], amount: 350 })
    const refund = ["--amount", "3.5", "--restock", "CUP=1", "--key", "both-refund"]
    expect(await json("order", "refund", orders.both, ...refund)).toMatchObject(replayed)
  })

  test("refunds add up, restock what they are told to, and end with the whole", async () => {
    const before = await stockOf("CUP")
    const refund = (...args: ReadonlyArray<string>) =>
      json("order", "refund", orders.refunded, ...args)
    const part = await refund("--amount", "3.50", "--restock", "CUP=1")
    expect(part).toMatchObject({ code: 0, json: { amount: 350, full: false, replayed: false } })
    expect(await stockOf("CUP")).toMatchObject({ available: before.available + 1 })
    expect(await refund("--amount", "3.50", "--restock", "CUP=1")).toMatchObject({
      code: 0,
      json: { key: part.json.key, replayed: true }
    })

    const tooMuch = await refund("--amount", "53.50")
    expect(tooMuch).toMatchObject({
      code: 1,
      json: { error: { code: "refund_exceeds_captured", requested: 5350, left: 5349 } }
    })
    const tooFine = await refund("--amount", "1.234")
    expect(tooFine).toMatchObject({ code: 2, json: { error: { code: "usage_refused" } } })

    const rest = await refund("--restock", "all")
    expect(rest).toMatchObject({ code: 0, json: { amount: 5349, full: true } })
    expect(await stockOf("CUP")).toMatchObject({ available: before.available + 2 })
    const { json: order } = await json("order", "show", orders.refunded)
    expect(order).toMatchObject({ state: "refunded", refunded_total: 5699 })
  })

  test("saga list and show know what was done, and a saga that ended is not retried", async () => {
    const { json: open } = await json("saga", "list")
    expect(open.sagas).toEqual([])
    const { json: all } = await json("saga", "list", "--state", "done", "--order", orders.shown)
    expect(all.sagas).toMatchObject([{ kind: "checkout", saga_id: orders.shown, stuck: false }])
    const shown = await json("saga", "show", orders.shown)
    expect(shown.json).toMatchObject({ state: "done", order_id: orders.shown, key: "shown" })
    const retried = await json("saga", "retry", orders.shown)
    expect(retried).toMatchObject({ code: 1, json: { error: { code: "saga_closed" } } })
  })

  test("stock set books the difference once per key, and not below what is in use", async () => {
    const set = (...args: ReadonlyArray<string>) => json("stock", "set", ...args)
    expect(await set("TEAPOT", "120", "--key", "count")).toMatchObject({
      code: 0,
      json: { change: 20, stock: [{ received: 120 }] }
    })
    expect(await set("TEAPOT", "120", "--key", "count")).toMatchObject({ json: { change: 0 } })
    const reused = await set("TEAPOT", "130", "--key", "count")
    expect(reused).toMatchObject({ code: 1, json: { error: { code: "movement_reused" } } })
    const { reserved, sold } = await stockOf("TEAPOT")
    const low = await set("TEAPOT", "0")
    expect(low).toMatchObject({
      code: 1,
      json: { error: { code: "stock_in_use", in_use: reserved + sold } }
    })
    const stranger = await set("SPOON", "5")
    expect(stranger).toMatchObject({ code: 1, json: { error: { code: "unknown_stock" } } })
  })

  test("the trial balance is zero, with debits and credits per account", async () => {
    const { code, json: balance } = await json("ledger", "trial-balance")
    expect(code).toBe(0)
    const [page] = balance.currencies
    expect(balance.ok).toBe(true)
    expect(page).toMatchObject({ currency: "EUR", difference: 0 })
    expect(page.debit).toBeGreaterThanOrEqual(4 * 5699)
    const { stdout } = await text("ledger", "trial-balance")
    expect(stdout).toMatch(/account \(EUR\)\s+debit\s+credit/)
    expect(stdout).toContain("EUR: debits and credits are equal")
  })

  test("check holds after all of this", async () => {
    const { code, json: report } = await json("check")
    expect(report.invariants.flatMap((i: { violations: unknown }) => i.violations)).toEqual([])
    expect(report.ok).toBe(true)
    expect(code).toBe(0)
    const { stdout } = await text("check")
    expect(stdout).toMatch(/stock\.conserved\s+\d+\s+holds/)
  })
})
