/** The gate's counter of a SKU, as it stands in a Redis. */
import { setTimeout as sleep } from "node:timers/promises"
import { expect } from "vitest"
import { redisCli } from "../../../../../test/servers/redis.ts"

/** A wrong counter is right again after this long. Milliseconds. */
const exactAgainMs = 30_000

export const counterKey = (sku: string): string => `doorbuster:gate:{${sku}}:${sku}`

/** Undefined where there is none; of a cluster, any living node knows who has it. */
const counterOf = async (url: string, sku: string): Promise<number | undefined> => {
  for (const [, port = ""] of url.matchAll(/:(\d+)/g)) {
    const asked = redisCli("-c", "-p", port, "GET", counterKey(sku))
    const text = (await asked.catch(() => "")).trim()
    if (/^-?\d+$/.test(text)) return Number(text)
  }
  return undefined
}

/** Somebody was refused, and the next ones meet a counter. */
export const untilGuarded = async (url: string, sku: string): Promise<void> => {
  while ((await counterOf(url, sku)) === undefined) await sleep(50)
}

/** The counter comes to say so many units; how long that took, in milliseconds. */
export const counterBecomes = async (url: string, sku: string, units: number): Promise<number> => {
  const beganAt = Date.now()
  let counter = await counterOf(url, sku)
  while (counter !== units && Date.now() - beganAt < exactAgainMs) {
    await sleep(100)
    counter = await counterOf(url, sku)
  }
  expect({ sku, counter }).toEqual({ sku, counter: units })
  return Date.now() - beganAt
}
