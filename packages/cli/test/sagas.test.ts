import { afterAll, beforeAll, expect, test } from "vitest"
import { type Place, serverPlace } from "./support/places.ts"
import { runJson, runStore } from "./support/runStore.ts"
import { cutOffCheckout, makeSampleStore } from "./support/sampleStore.ts"

let place: Place
let order: string
beforeAll(async () => {
  place = await serverPlace()
  await makeSampleStore(place)
  order = await cutOffCheckout(place, "cut-off")
})
afterAll(() => place.remove())

const json = (...args: ReadonlyArray<string>) => runJson([...args, ...place.args])

test("a checkout that was cut off is listed, and retry takes it to its end", async () => {
  const { json: before } = await json("saga", "list")
  expect(before.sagas).toMatchObject([
    { saga_id: order, kind: "checkout", state: "open", owner: null, stuck: false }
  ])
  expect((await json("order", "show", order)).json.state).toBe("pending_payment")
  const { stdout } = await runStore(["saga", "show", order, ...place.args])
  expect(stdout).toMatch(/owner\s+none/)

  const retried = await json("saga", "retry", order)
  expect(retried).toMatchObject({ code: 0, json: { state: "done" } })
  expect((await json("order", "show", order)).json.state).toBe("paid")
  expect((await json("saga", "list")).json.sagas).toEqual([])
  expect((await json("check")).code).toBe(0)
})

test("stuck sagas are those beyond their deadline", async () => {
  expect((await json("saga", "list", "--stuck")).json.sagas).toEqual([])
})
