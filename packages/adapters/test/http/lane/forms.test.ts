/** However a request comes, it is answered as before: in order, in full, and once. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { chunked, RawConnection, type RawHeaders, request } from "./rawHttp.ts"
import { lamp, openSoldOutShop, type SoldOutShop } from "./soldOutShop.ts"

let sold: SoldOutShop
beforeAll(async () => {
  sold = await openSoldOutShop()
})
afterAll(() => sold[Symbol.asyncDispose]())

const line = "POST /checkout"
const headers = (...others: RawHeaders): RawHeaders => [
  ["Content-Type", "application/json"],
  ["Authorization", `Bearer ${sold.token}`],
  ["Idempotency-Key", "k"],
  ...others
]
const text = JSON.stringify(lamp)
const mugs = JSON.stringify({ ...lamp, lines: [{ sku: "MUG", quantity: 1 }] })
const soldOut = () => request(line, headers(), text)

const open = () => new RawConnection(sold.shop.url)

describe("a body", () => {
  it("in many packets is read as one in a single packet", async () => {
    await using whole = open()
    await whole.send(soldOut())
    const expected = await whole.answer()
    await using parts = open()
    const sent = soldOut()
    const at = sent.length - text.length
    await parts.send(
      sent.slice(0, 20),
      sent.slice(20, at),
      sent.slice(at, at + 9),
      sent.slice(at + 9)
    )
    assert.strictEqual((await parts.answer()).text, expected.text)
  })

  it("that is not for the lane is read again by the endpoint, however it came", async () => {
    await using one = open()
    const keyed = request(line, [...headers().slice(0, 2), ["Idempotency-Key", "mugs"]], mugs)
    await one.send(keyed)
    const first = await one.answer()
    assert.strictEqual(first.status, 201, first.text)
    const at = keyed.length - mugs.length
    await one.send(keyed.slice(0, at), keyed.slice(at, at + 5), keyed.slice(at + 5))
    const again = await one.answer()
    assert.strictEqual(again.status, 201, again.text)
    assert.include(again.text, "idempotent-replayed: true")
  })

  it("that was announced with Expect is asked for, and the order refused", async () => {
    await using connection = open()
    const sent = request(line, headers(["Expect", "100-continue"]), text)
    const at = sent.length - text.length
    await connection.send(sent.slice(0, at))
    assert.strictEqual((await connection.answer()).status, 100)
    await connection.send(text)
    assert.strictEqual((await connection.answer()).status, 409)
  })

  it("that is not in UTF-8 is refused for that", async () => {
    const ship_to = { country: "Malta", city: "é" }
    const sent = request(line, headers(), JSON.stringify({ ...lamp, ship_to }))
    const damaged = Buffer.from(sent.replace("é", "__"), "latin1")
    damaged[damaged.indexOf("__")] = 0xff
    await using connection = open()
    await connection.send(damaged)
    const { status, text: answer } = await connection.answer()
    assert.strictEqual(status, 400)
    assert.include(answer, "malformed_json")
  })

  it("that breaks off leaves the server well", async () => {
    const broken = open()
    await broken.send(soldOut().slice(0, -5))
    broken.socket.destroy()
    await using next = open()
    await next.send(soldOut())
    assert.strictEqual((await next.answer()).status, 409)
  })
})

describe("a connection", () => {
  it("answers requests that came together in their order", async () => {
    await using connection = open()
    const page = request("GET /products/MUG", [])
    const orders = [page, soldOut(), request("HEAD /products/MUG", []), page, soldOut(), page]
    await connection.send(orders.join(""))
    const statuses: Array<number> = []
    for (const [at] of orders.entries()) {
      const answer = await (at === 2 ? connection.head() : connection.answer())
      statuses.push(answer.status)
    }
    assert.deepStrictEqual(statuses, [200, 409, 200, 200, 409, 200])
  })

  it("whose sender is done sending still gets its answer", async () => {
    await using connection = open()
    connection.socket.end(Buffer.from(soldOut()))
    assert.strictEqual((await connection.answer()).status, 409)
  })

  it("is kept for the next request, or closed when that was asked for", async () => {
    await using connection = open()
    for (let i = 0; i < 3; i++) {
      await connection.send(soldOut())
      assert.match((await connection.answer()).text, /^Connection: keep-alive$/im)
    }
    await connection.send(request(line, headers(["Connection", "close"]), text))
    assert.match((await connection.answer()).text, /^Connection: close$/im)
    await connection.closed()
  })
})

describe("a server that drains", () => {
  it("says so on every connection, whatever it is asked for", async () => {
    const own = await openSoldOutShop({ serve: { announceMs: 400 } })
    const kept = headers().map(([name, value]) =>
      name === "Authorization" ? ([name, `Bearer ${own.token}`] as const) : ([name, value] as const)
    )
    const [page, order] = [new RawConnection(own.shop.url), new RawConnection(own.shop.url)]
    const ask = async () => {
      await page.send(request("GET /products/MUG", []))
      await order.send(request(line, kept, text))
      return [await page.answer(), await order.answer()]
    }
    const before = await ask()
    assert.deepStrictEqual(
      before.map(({ status, text: answer }) => [status, /^Connection: (.*)$/im.exec(answer)?.[1]]),
      [
        [200, "keep-alive"],
        [409, "keep-alive"]
      ]
    )
    const ended = own[Symbol.asyncDispose]()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const after = await ask()
    assert.deepStrictEqual(
      after.map(({ status, text: answer }) => [status, /^Connection: (.*)$/im.exec(answer)?.[1]]),
      [
        [200, "close"],
        [409, "close"]
      ]
    )
    await ended
  })
})

const mutations = fc.oneof(
  fc.constant(text),
  fc.string(),
  fc.json(),
  fc
    .record({
      currency: fc.constantFrom("EUR", "XXX", 7),
      lines: fc.array(
        fc.record({
          sku: fc.constantFrom("LAMP", "VASE", "none", "", "limit:x"),
          quantity: fc.constantFrom(1, 2, 0, -1, 1.5, "1", 10_000_000)
        }),
        { minLength: 1, maxLength: 3 }
      ),
      expected_total: fc.constantFrom(2500, 1, -1, 0.5, null),
      coupons: fc.constantFrom([], ["TEN"], ["TEN", "TEN"], "TEN")
    })
    .map((value) => JSON.stringify(value)),
  fc
    .tuple(fc.nat(text.length), fc.constantFrom("", "\u0000", "}", "é", '"x":1,'))
    .map(([at, put]) => text.slice(0, at) + put + text.slice(at + 1))
)

const headerMutations = fc.constantFrom<ReadonlyArray<readonly [string, string]>>(
  [],
  [],
  [["Content-Encoding", "gzip"]],
  [["Idempotency-Key", "second"]],
  [["X-Anything", "at all"]],
  [["Accept", "text/html"]]
)

describe("both ways", () => {
  it("give the same bytes, whatever is sent to buy what is gone", async () => {
    await fc.assert(
      fc.asyncProperty(mutations, headerMutations, async (body, extra) => {
        // An empty chunked body and no body are not the same request.
        fc.pre(body !== "")
        await using fast = open()
        await using slow = open()
        await fast.send(request(line, headers(...extra), body))
        await slow.send(chunked(line, headers(...extra), body))
        const answer = await fast.answer()
        assert.strictEqual(answer.text, (await slow.answer()).text)
        assert.isBelow(answer.status, 500)
      }),
      { numRuns: 150 }
    )
  })
})
