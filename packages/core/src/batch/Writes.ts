import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Inventory } from "../inventory/Inventory.ts"
import { Orders } from "../order/Orders.ts"
import { Sagas } from "../order/Sagas.ts"
import { Payments } from "../payment/Payments.ts"
import type { StorageError } from "../StorageError.ts"
import * as Batcher from "./Batcher.ts"

/** One write of a batch port, item by item. */
type One<Batch> = Batch extends (
  batch: ReadonlyArray<infer Item>
) => Effect.Effect<ReadonlyArray<infer Answer>, StorageError>
  ? (item: Item) => Effect.Effect<Answer, StorageError>
  : never

type Port<Tag extends { readonly Service: unknown }> = Tag["Service"]

/**
 * Every write step of the store, one item at a time for the caller and batched for the database,
 * and the reads that decide whether to write. Each kind has its own batcher, so that a slow one
 * holds back only its like.
 */
export class Writes extends Context.Service<
  Writes,
  {
    readonly open: One<Port<typeof Sagas>["open"]>
    readonly close: One<Port<typeof Sagas>["close"]>
    readonly claimOf: One<Port<typeof Sagas>["claimsOf"]>
    readonly cancelRequested: One<Port<typeof Sagas>["cancelRequested"]>
    readonly reserve: One<Port<typeof Inventory>["reserve"]>
    readonly commit: One<Port<typeof Inventory>["commit"]>
    readonly release: One<Port<typeof Inventory>["release"]>
    readonly giveBack: One<Port<typeof Inventory>["giveBack"]>
    readonly receive: One<Port<typeof Inventory>["move"]>
    readonly createOrder: One<Port<typeof Orders>["create"]>
    readonly moveOrder: One<Port<typeof Orders>["move"]>
    readonly createPayment: One<Port<typeof Payments>["create"]>
    readonly sendPayment: One<Port<typeof Payments>["send"]>
    readonly recordCapture: One<Port<typeof Payments>["recordCapture"]>
    readonly recordDecline: One<Port<typeof Payments>["recordDecline"]>
    readonly cancelPayment: One<Port<typeof Payments>["cancel"]>
    readonly intendRefund: One<Port<typeof Payments>["intendRefund"]>
    readonly recordRefund: One<Port<typeof Payments>["recordRefund"]>
    readonly post: One<Port<typeof Payments>["post"]>
  }
>()("@doorbuster/core/batch/Writes") {
  static readonly layer = Layer.effect(
    Writes,
    Effect.gen(function* () {
      const sagas = yield* Sagas
      const orders = yield* Orders
      const inventory = yield* Inventory
      const payments = yield* Payments

      /** An order with hundreds of lines fills a flush as much as hundreds of small ones. */
      const batched = <Item, Answer>(
        name: string,
        flush: Batcher.Options<Item, Answer>["flush"],
        rows: (item: Item) => number = () => 1
      ) =>
        Effect.map(
          Batcher.make({ name, limit: 256, weight: { of: rows, limit: 4096 }, flush }),
          (batcher) => batcher.submit
        )

      return Writes.of({
        open: yield* batched("open", sagas.open),
        close: yield* batched("close", sagas.close),
        claimOf: yield* batched("claimOf", sagas.claimsOf),
        cancelRequested: yield* batched("cancelRequested", sagas.cancelRequested),
        reserve: yield* batched("reserve", inventory.reserve, (item) => item.lines.length),
        commit: yield* batched("commit", inventory.commit, (item) => item.keys.length),
        release: yield* batched("release", inventory.release, (item) => item.keys.length),
        giveBack: yield* batched("giveBack", inventory.giveBack, (item) => item.lines.length),
        receive: yield* batched("move", inventory.move),
        createOrder: yield* batched("createOrder", orders.create, (i) => i.order.lines.length),
        moveOrder: yield* batched("moveOrder", orders.move),
        createPayment: yield* batched("createPayment", payments.create),
        sendPayment: yield* batched("sendPayment", payments.send),
        recordCapture: yield* batched("recordCapture", payments.recordCapture),
        recordDecline: yield* batched("recordDecline", payments.recordDecline),
        cancelPayment: yield* batched("cancelPayment", payments.cancel),
        intendRefund: yield* batched("intendRefund", payments.intendRefund),
        recordRefund: yield* batched("recordRefund", payments.recordRefund),
        post: yield* batched("post", payments.post)
      })
    })
  )
}
