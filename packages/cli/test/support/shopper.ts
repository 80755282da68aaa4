/** Somebody who buys over HTTP, and asks again when a server dies under the request. */
import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"

export interface Shopper {
  readonly token: string
  readonly key: string
}

export interface Reply {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: each test states the shape that it expects
  readonly json: any
}

const again = new Set([429, 503])
const triesMax = 300

const isInFlight = ({ json }: Reply) => json?.code === "idempotency_in_flight"

/**
 * An answer that decides something. Whoever has none (the connection broke, the server is busy or
 * went away, or the first try still runs) sends the same request again.
 */
export const ask = async (url: string, init: RequestInit): Promise<Reply> => {
  for (let tries = 0; tries < triesMax; tries += 1) {
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) })
      const reply = { status: response.status, json: await response.json() }
      if (!again.has(reply.status) && !isInFlight(reply)) return reply
    } catch {
      // Nobody was there.
    }
    await sleep(100)
  }
  throw new Error(`${url} never came to an answer`)
}

export const shopper = async (url: string): Promise<Shopper> => {
  const { json } = await ask(`${url}/sessions`, { method: "POST" })
  return { token: json.token, key: randomUUID() }
}

export const shoppers = (url: string, count: number): Promise<Array<Shopper>> =>
  Promise.all(Array.from({ length: count }, () => shopper(url)))

export const buy = (url: string, { key, token }: Shopper, sku: string): Promise<Reply> =>
  ask(`${url}/checkout`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "idempotency-key": key
    },
    body: JSON.stringify({ currency: "EUR", lines: [{ sku, quantity: 1 }] })
  })

export const look = (url: string, path: string, { token }: Shopper): Promise<Reply> =>
  ask(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })

/** Buys where orders wait in line: the answer to the ticket, whatever happens in between. */
export const buyInLine = async (url: string, buyer: Shopper, sku: string): Promise<Reply> => {
  const joined = await buy(url, buyer, sku)
  if (joined.status !== 202) return joined
  for (let tries = 0; tries < triesMax; tries += 1) {
    const reply = await look(url, `/queue/${joined.json.ticket}`, buyer)
    // The line was lost: people queue again.
    if (reply.status === 404) return buyInLine(url, buyer, sku)
    if (reply.json.state === "done") {
      return { status: reply.json.status, json: reply.json.answer }
    }
    await sleep(200)
  }
  throw new Error(`ticket ${joined.json.ticket} was never answered`)
}

/** Waits until every order is in this state, and no saga has anything left to do. */
export const allPaid = async (
  url: string,
  orders: ReadonlyArray<readonly [orderId: string, buyer: Shopper]>
): Promise<void> => {
  for (const [id, buyer] of orders) {
    let state = "unknown"
    for (let tries = 0; tries < triesMax && state !== "paid"; tries += 1) {
      const reply = await look(url, `/orders/${id}`, buyer)
      state = reply.json.state
      if (state !== "paid") await sleep(100)
    }
    if (state !== "paid") throw new Error(`order ${id} is still ${state}`)
  }
}
