/** What is no request, or never becomes one, is answered like everything else: as a problem. */
import { connect } from "node:net"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  const limits = { headersTimeout: 400, requestTimeout: 400, connectionsCheckingInterval: 50 }
  shop = await openShop({ serve: { limits } })
})
afterAll(() => shop[Symbol.asyncDispose]())

/** All that comes back until the server hangs up. */
const say = (text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(shop.url).port), "127.0.0.1")
    let heard = ""
    socket.on("data", (chunk) => (heard += chunk))
    socket.on("close", () => resolve(heard))
    socket.on("error", () => {})
    socket.write(text)
  })

const unfinished =
  "POST /sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
  "Content-Length: 100\r\n\r\n{"

it.each([
  ["nonsense", "hello\r\n\r\n", 400, "malformed_request"],
  [
    "a request without Host and with a broken header",
    "GET / HTTP/1.1\r\nx\r\n\r\n",
    400,
    "malformed_request"
  ],
  [
    "two lengths",
    "POST /sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    400,
    "malformed_request"
  ],
  [
    "a header without end",
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
    431,
    "headers_too_large"
  ],
  ["headers that never end", "GET / HTTP/1.1\r\nHost: x\r\n", 408, "request_timeout"],
  ["a body that stalls", unfinished, 408, "request_timeout"]
])("%s is answered as a problem, and the connection closed", async (_, text, status, code) => {
  const heard = await say(text)
  const [head = "", body = ""] = heard.split("\r\n\r\n")
  assert.match(head, new RegExp(`^HTTP/1.1 ${status} `))
  assert.match(head, /^connection: close$/im)
  assert.match(head, /^content-type: application\/problem\+json$/im)
  const problem = JSON.parse(body)
  assert.deepStrictEqual([problem.status, problem.code], [status, code])
  assert.strictEqual((await shop.call("GET", "/healthz")).status, 200)
})
