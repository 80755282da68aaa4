import { ClaimLookups, type LookUp } from "@doorbuster/adapters/http/lane/ClaimLookups"
import { layer as memoryPorts } from "@doorbuster/adapters/memory/memoryLayer"
import { AccountId } from "@doorbuster/core/order/OrderId"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { StorageError } from "@doorbuster/core/StorageError"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { chunked, RawConnection, type RawHeaders, request } from "./rawHttp.ts"
import { lamp, openSoldOutShop } from "./soldOutShop.ts"

const account = AccountId.make("ann")
const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)))

/** Lookups whose answers the test gives, and what was found. */
const held = (patienceMs = 10_000) => {
  const asked: Array<{ readonly keys: ReadonlyArray<string>; answer: Parameters<LookUp>[1] }> = []
  const found = new Map<string, boolean | undefined>()
  const lookUp: LookUp = (keys, answer) =>
    void asked.push({ keys: keys.map(({ key }) => key), answer })
  const lookups = new ClaimLookups(lookUp, patienceMs)
  const ask = (key: string) =>
    lookups.ask({ account, key, found: (claimed) => found.set(key, claimed) })
  return { ask, asked, found }
}

describe("claims are looked up", () => {
  it("together, and those who come meanwhile together after them", async () => {
    const { ask, asked, found } = held()
    ask("a")
    ask("b")
    await turn()
    ask("c")
    ask("d")
    await turn()
    assert.deepStrictEqual(asked[0]?.keys, ["a", "b"])
    assert.strictEqual(asked.length, 1, "one question at a time")
    asked[0]?.answer([true, false])
    await turn()
    assert.deepStrictEqual(asked[1]?.keys, ["c", "d"])
    asked[1]?.answer([false, true])
    assert.deepStrictEqual(
      [...found],
      [
        ["a", true],
        ["b", false],
        ["c", false],
        ["d", true]
      ]
    )
  })

  it("for no longer than one may wait; an answer that comes later changes nothing", async () => {
    const { ask, asked, found } = held(20)
    ask("late")
    await turn()
    ask("next")
    while (asked.length < 2) await turn()
    assert.isTrue(found.has("late"))
    asked[1]?.answer([false])
    asked[0]?.answer([true])
    assert.deepStrictEqual([found.get("late"), found.get("next")], [undefined, false])
  })
})

const down = new StorageError({ operation: "claims", reason: "unavailable", detail: "secret" })

type Broken = { by: "failing" | "hanging" | null; readonly hanging: Deferred.Deferred<void> }

const brokenClaims = (broken: Broken) =>
  Layer.effect(
    Sagas,
    Effect.map(Sagas, (sagas) =>
      Sagas.of({
        ...sagas,
        claimsOf: Effect.fnUntraced(function* (batch) {
          if (broken.by === "hanging") yield* Deferred.await(broken.hanging)
          return broken.by === null ? yield* sagas.claimsOf(batch) : yield* down
        })
      })
    )
  ).pipe(Layer.provideMerge(memoryPorts))

describe("when nobody knows whether a key was claimed", () => {
  it.each(["failing", "hanging"] as const)("nothing is refused for it: %s", async (by) => {
    const broken: Broken = { by: null, hanging: Deferred.makeUnsafe() }
    await using sold = await openSoldOutShop({ ports: brokenClaims(broken), deadlineMs: 400 })
    broken.by = by
    const headers: RawHeaders = [
      ["Content-Type", "application/json"],
      ["Authorization", `Bearer ${sold.token}`],
      ["Idempotency-Key", "k"]
    ]
    await using fast = new RawConnection(sold.shop.url)
    await using slow = new RawConnection(sold.shop.url)
    await fast.send(request("POST /checkout", headers, JSON.stringify(lamp)))
    await slow.send(chunked("POST /checkout", headers, JSON.stringify(lamp)))
    const answer = await fast.answer()
    assert.strictEqual(answer.status, 503)
    assert.strictEqual(answer.text, (await slow.answer()).text)
    assert.include(answer.text, "storage_unavailable")
    assert.notInclude(answer.text, "secret")
    Effect.runSync(Deferred.succeed(broken.hanging, undefined))
  })
})
