/** What has to be true when a sale is over, whatever happened to the servers meanwhile. */
import { setTimeout as sleep } from "node:timers/promises"
import { expect } from "vitest"
import type { Place } from "../../support/places.ts"
import { runJson } from "../../support/runStore.ts"
import { type Crowd, guests } from "./Crowd.ts"
import { atRest, availableUnits, judged } from "./saleStore.ts"

export interface SaleEnd {
  readonly place: Place
  readonly url: string
  readonly sku: string
  readonly crowd: Crowd
}

/** A wrong counter at the gate is right again after this long. Milliseconds. */
const exactAgainMs = 30_000

/**
 * So many people come in and ask, those who are refused as somebody new, until as many as there are
 * units have one; then one more asks, in vain. How long that took, in milliseconds.
 */
export const sellsExactly = async (
  { crowd, sku, url }: Pick<SaleEnd, "crowd" | "sku" | "url">,
  units: number
): Promise<number> => {
  const beganAt = Date.now()
  const won = () => crowd.tally["Won"] ?? 0
  const wonBefore = won()
  while (won() - wonBefore < units && Date.now() - beganAt < exactAgainMs) {
    const missing = units - (won() - wonBefore)
    const before = won()
    await crowd.rush({ url, sku, buyers: await guests(url, missing) })
    if (won() === before) await sleep(250)
  }
  const tookMs = Date.now() - beganAt
  expect({ sku, sold: won() - wonBefore }).toEqual({ sku, sold: units })
  await crowd.rush({ url, sku, buyers: await guests(url, 1) })
  expect({ sku, sold: won() - wonBefore }).toEqual({ sku, sold: units })
  return tookMs
}

/** Whoever comes late finds what an order that came to nothing has left. */
export const sellTheRest = async (end: SaleEnd): Promise<void> => {
  expect(await atRest(end.place)).toBe(0)
  await sellsExactly(end, await availableUnits(end.place, end.sku))
}

/**
 * Every unit is sold and paid, once, to somebody who was told so; nobody was told so without; every
 * invariant holds, and no request met what no request should meet.
 */
export const expectExact = async (end: SaleEnd, units: number): Promise<void> => {
  const { crowd, place, sku } = end
  expect(await atRest(place)).toBe(0)
  const { broken, figures } = await judged(place, sku, crowd.answers)
  const { paidUnits, received, reserved, sold } = figures
  expect({ broken, surprises: crowd.surprises }).toEqual({ broken: [], surprises: {} })
  expect({ received, reserved, sold, paidUnits }).toEqual({
    received: units,
    reserved: 0,
    sold: units,
    paidUnits: units
  })
  const told = [...crowd.answers.values()].flatMap((answer) =>
    answer._tag === "Won" ? [answer.orderId] : []
  )
  expect([...told].sort()).toEqual([...figures.paidOrders].sort())
  expect(Object.keys(crowd.tally).filter((it) => it !== "Won" && it !== "SoldOut")).toEqual([])
}

/** The command that operators trust says the same. */
export const expectChecked = async (place: Pick<Place, "args">): Promise<void> => {
  const { code, json } = await runJson(["check", ...place.args])
  expect({ code, broken: code === 0 ? [] : json }).toEqual({ code: 0, broken: [] })
}
