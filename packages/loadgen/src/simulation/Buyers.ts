import type { CouponCode } from "@doorbuster/core/catalog/Promotion"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { Checkout, type PlaceOrder } from "@doorbuster/core/checkout/Checkout"
import type { CheckoutError } from "@doorbuster/core/checkout/errors"
import { minor } from "@doorbuster/core/money/Minor"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import type { Told } from "@doorbuster/core/saga/SagaContext"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Asking, Ending } from "./Asking.ts"
import type { BuyersBook, Purchase } from "./BuyersBook.ts"
import * as goods from "./goods.ts"
import { lineUp, look } from "./line/lineUp.ts"
import type { SeededRandom } from "./SeededRandom.ts"
import type { Stage } from "./Stage.ts"

/** So many accounts that limits per account are met now and then. */
const accountsMax = 60

const passing = new Set(["IdempotencyInFlight", "StorageError"])

/** People at the door: each makes one purchase, in his own way. */
export class Buyers {
  readonly #stage: Stage
  readonly #asking: Asking
  readonly #book: BuyersBook
  #count = 0
  /** Tickets of those who wait for an answer, by whose they are. */
  readonly inLine = new Map<string, Uuid>()

  constructor(stage: Stage, asking: Asking, book: BuyersBook) {
    this.#stage = stage
    this.#asking = asking
    this.#book = book
  }

  /** One purchase from the first click to the last word; in quiet times nothing goes wrong. */
  readonly purchase = Effect.fnUntraced(function* (this: Buyers, isQuiet: boolean) {
    const { faults } = this.#stage
    const number = ++this.#count
    const random = this.#stage.random.fork(`buyer ${number}`)
    const isUnstorable = faults.happens("bad_value", "buyer")
    const request = this.#request(random, number, isUnstorable)
    const purchase = this.#book.begin(request, isUnstorable, isQuiet)
    const isImpatient = faults.happens("double_click", "buyer")
    const clicks = isImpatient ? [request, request] : [request]
    yield* Effect.forEach(clicks, (click) => this.#insist(random, purchase, click), {
      concurrency: "unbounded",
      discard: true
    })
    if (purchase.told === null) return
    if (faults.happens("retry_same_key", "buyer")) yield* this.#insist(random, purchase, request)
    if (faults.happens("retry_other_body", "buyer")) {
      purchase.isOtherSent = true
      const { account } = request
      const other = { ...this.#request(random, number, false), account }
      yield* this.#insist(random, purchase, { ...other, fingerprint: `${other.fingerprint} other` })
    }
    if (faults.happens("cancel", "buyer")) yield* this.#cancel(random, purchase)
  }).bind(this)

  /** Asks until there is an answer, or the buyer gives up. */
  readonly #insist = Effect.fnUntraced(function* (
    this: Buyers,
    random: SeededRandom,
    purchase: Purchase,
    request: PlaceOrder
  ) {
    const { clock, faults } = this.#stage
    while (true) {
      const ending = yield* this.#ask(random, purchase, request)
      if (ending._tag === "Taken") return this.#book.taken(purchase, request, ending.value)
      if (ending._tag === "Refused") {
        this.#book.refused(purchase, request, ending.error)
        if (passing.has(ending.error._tag)) purchase.isUncertain = true
        if (!passing.has(ending.error._tag)) return
        if (ending.error._tag === "StorageError" && ending.error.reason === "bad_value") return
      }
      if (ending._tag === "Unknown") purchase.isUncertain = true
      if (purchase.isQuiet) this.#judgeClarity(request, ending)
      if (faults.happens("abandon", "buyer")) return
      yield* clock.sleep(random.between(500, 15_000))
    }
  }).bind(this)

  /** One request, or, where orders wait in line, all until the ticket is answered. */
  readonly #ask = Effect.fnUntraced(function* (
    this: Buyers,
    random: SeededRandom,
    purchase: Purchase,
    request: PlaceOrder
  ): Effect.fn.Return<Ending<Told, CheckoutError>> {
    if (this.#stage.scenario.queue === null) {
      return yield* this.#asking.once("checkout", (services) =>
        Context.get(services, Checkout).place(request)
      )
    }
    const joined = yield* this.#asking.once("checkout", (services) =>
      Effect.provideContext(lineUp(request), services)
    )
    if (joined._tag !== "Taken") return joined
    if (!("_tag" in joined.value)) return { _tag: "Taken", value: joined.value }
    const name = `${request.account} ${request.key} ${random.nextUint32()}`
    this.inLine.set(name, joined.value.ticket)
    const ending = yield* this.#wait(random, purchase, joined.value.ticket)
    this.inLine.delete(name)
    return ending
  }).bind(this)

  /** Looks at the ticket until it is answered, or nobody knows it any more. */
  readonly #wait = Effect.fnUntraced(function* (
    this: Buyers,
    random: SeededRandom,
    purchase: Purchase,
    ticket: Uuid
  ): Effect.fn.Return<Ending<Told, CheckoutError>> {
    while (true) {
      yield* this.#stage.clock.sleep(random.between(1_000, 10_000))
      const seen = yield* this.#asking.once("look", (services) =>
        Effect.provideContext(look(ticket), services)
      )
      if (seen._tag !== "Taken") {
        if (purchase.isQuiet) this.#judgeClarity(purchase.request, seen)
        continue
      }
      if (seen.value === undefined) return { _tag: "Unknown" }
      if (seen.value._tag === "Waiting") continue
      const { answer } = seen.value
      return answer._tag === "Refused"
        ? { _tag: "Refused", error: answer.error }
        : { _tag: "Taken", value: { answer, replayed: false } }
    }
  }).bind(this)

  /** Where nothing goes wrong, everybody is told what came of the request. */
  #judgeClarity({ account, key }: PlaceOrder, ending: Ending<unknown, CheckoutError>): void {
    const isUnclear = ending._tag === "Refused" && ending.error._tag === "StorageError"
    if (ending._tag !== "Unknown" && !isUnclear) return
    const detail = isUnclear ? ending.error.message : "no answer"
    this.#stage.judge.find("told.clearly", `${account} ${key}`, `without a fault: ${detail}`)
  }

  readonly #cancel = Effect.fnUntraced(function* (
    this: Buyers,
    random: SeededRandom,
    purchase: Purchase
  ) {
    const { clock, judge } = this.#stage
    const { told, request } = purchase
    if (told === null) return
    const waitMs = random.pick([0, 100, 2_000, 60_000, 300_000])
    if (waitMs > 0) yield* clock.sleep(random.below(waitMs))
    while (true) {
      const ending = yield* this.#asking.once("cancel", (services) =>
        Context.get(services, Checkout).cancel(told.orderId, request.account)
      )
      if (ending._tag === "Taken") {
        purchase.isCancelTold = true
        return
      }
      if (ending._tag === "Refused") {
        const { error } = ending
        if (error._tag === "UnknownOrder") {
          judge.find("acknowledged.survives", told.orderId, "the buyer is told that it is unknown")
        }
        if (error._tag === "IllegalTransition") {
          this.#stage.coverage.transition(error.from, error.event)
          return
        }
        if (error._tag !== "StorageError") return
      }
      yield* clock.sleep(random.between(500, 15_000))
    }
  }).bind(this)

  #request(random: SeededRandom, number: number, isUnstorable: boolean): PlaceOrder {
    const { faults } = this.#stage
    const account = `acc_${random.between(1, accountsMax)}` as AccountId
    const lines = this.#lines(random)
    const coupons = this.#coupons(random)
    const expectedTotal = faults.happens("tamper", "buyer")
      ? minor(BigInt(random.between(1, 5_000)))
      : null
    const shippingMethod = random.chance(0.3) ? (random.chance(0.97) ? "parcel" : "pigeon") : null
    // References are few, so that two purchases of an account meet now and then.
    const externalRef = random.chance(0.15) ? `ref-${account}-${random.between(1, 6)}` : null
    const shipTo = isUnstorable ? `"${String.fromCharCode(0)}"` : null
    const body = JSON.stringify([lines, coupons, `${expectedTotal}`, shippingMethod, externalRef])
    return {
      account,
      key: `key-${number}`,
      fingerprint: body,
      currency: goods.currency,
      lines,
      coupons,
      shippingMethod,
      shipTo,
      expectedTotal,
      externalRef,
      occurredAt: null
    }
  }

  #lines(random: SeededRandom): PlaceOrder["lines"] {
    const line = (sku: Sku, quantity: number) => ({ sku, quantity: Quantity.make(quantity) })
    const { sku: unsellable } = random.pick(goods.unsellable)
    const first = (): PlaceOrder["lines"][number] => {
      const lot = random.next()
      if (lot < 0.25) return line(random.pick(goods.hot).sku, random.between(1, 3))
      if (lot < 0.35) return line(goods.limited.sku, random.between(1, 2))
      if (lot < 0.38) return line(goods.free.sku, 1)
      if (lot < 0.39) return line(unsellable, 2)
      if (lot < 0.395) return line(goods.unknownSku, 1)
      return line(random.pick(goods.plain).sku, random.between(1, 4))
    }
    const lines = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, first)
    // The same SKU again, on a line of its own.
    if (random.chance(0.1)) lines.push(lines[0] as PlaceOrder["lines"][number])
    if (random.chance(0.2)) lines.push(line(goods.postage.sku, 1))
    return lines
  }

  #coupons(random: SeededRandom): ReadonlyArray<CouponCode> {
    if (random.chance(0.15)) return [goods.coupons.ten]
    if (random.chance(0.05)) return [goods.coupons.gift]
    return random.chance(0.01) ? [goods.coupons.unknown] : []
  }
}
