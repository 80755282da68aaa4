import type { Acknowledged } from "@doorbuster/core/audit/Invariant"
import type { PlaceOrder } from "@doorbuster/core/checkout/Checkout"
import type { CheckoutError, SoldOut } from "@doorbuster/core/checkout/errors"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { Told } from "@doorbuster/core/saga/SagaContext"
import { gateLagMsMax } from "./gatedStock.ts"
import type { Stage } from "./Stage.ts"
import type { StockWatch } from "./StockWatch.ts"

/** What one buyer was told about one purchase, from the first request on. */
export interface Purchase {
  readonly request: PlaceOrder
  readonly sentAt: number
  /** The request holds what no database can store. */
  readonly isUnstorable: boolean
  /** Made when nothing goes wrong. */
  readonly isQuiet: boolean
  told: { readonly orderId: OrderId; readonly total: bigint; readonly at: number } | null
  /** The body that the key stands for, once an order was told. */
  fingerprint: string | null
  /** Some request of it had no answer: it may have been done. */
  isUncertain: boolean
  isCancelTold: boolean
  /** The key was also sent with another body. */
  isOtherSent: boolean
}

interface Receipt {
  readonly order_id: OrderId
  readonly total: number
}

/**
 * The buyers' own book: what was asked and what was told. Whatever can be judged from that alone is
 * judged as soon as the answer is there.
 */
export class BuyersBook {
  readonly #stage: Stage
  readonly #stock: StockWatch
  readonly purchases: Array<Purchase> = []
  readonly #orders = new Map<OrderId, Purchase>()

  constructor(stage: Stage, stock: StockWatch) {
    this.#stage = stage
    this.#stock = stock
  }

  begin(request: PlaceOrder, isUnstorable: boolean, isQuiet: boolean): Purchase {
    const purchase: Purchase = {
      request,
      sentAt: this.#stage.clock.nowMs,
      isUnstorable,
      isQuiet,
      told: null,
      fingerprint: null,
      isUncertain: false,
      isCancelTold: false,
      isOtherSent: false
    }
    this.purchases.push(purchase)
    return purchase
  }

  /** Orders that buyers were told about. */
  get orders(): ReadonlyMap<OrderId, Purchase> {
    return this.#orders
  }

  get acknowledged(): ReadonlyArray<Acknowledged> {
    return [...this.#orders].map(([orderId, { request, told }]) => ({
      orderId,
      total: told?.total ?? 0n,
      lines: request.lines.map(({ quantity, sku }) => ({ sku, quantity }))
    }))
  }

  taken(purchase: Purchase, request: PlaceOrder, { answer }: Told): void {
    const { clock, judge, trace } = this.#stage
    const receipt = JSON.parse(answer.body) as Receipt
    const { order_id: orderId } = receipt
    const total = BigInt(receipt.total)
    const { account, key } = request
    const subject = `${account} ${key}`
    trace.note(account, `told ${key} ${orderId} ${total}`)
    if (purchase.told === null) {
      const other = this.#orders.get(orderId)
      if (other !== undefined) {
        judge.find("told.one_order_per_key", subject, `${orderId} is ${other.request.key}'s`)
      }
      purchase.told = { orderId, total, at: clock.nowMs }
      purchase.fingerprint = request.fingerprint
      this.#orders.set(orderId, purchase)
      if (request.expectedTotal !== null) {
        judge.equal("told.price_agreed", subject, "total", total, request.expectedTotal)
      }
      return
    }
    judge.equal("told.one_order_per_key", subject, "order", orderId, purchase.told.orderId)
    judge.equal("told.same_total", subject, "total", total, purchase.told.total)
    judge.equal(
      "told.key_reused",
      subject,
      "a body was taken under the key of",
      request.fingerprint,
      purchase.fingerprint ?? ""
    )
  }

  refused(purchase: Purchase, request: PlaceOrder, error: CheckoutError): void {
    const { judge, trace } = this.#stage
    const { account, key } = request
    const subject = `${account} ${key}`
    trace.note(account, `refused ${key} ${error._tag}`)
    switch (error._tag) {
      case "SoldOut":
        this.#judgeSoldOut(subject, purchase, error)
        return
      case "StorageError":
        if (error.reason === "bad_value" && !purchase.isUnstorable) {
          judge.find("told.bad_value", subject, `a good request was refused: ${error.detail}`)
        }
        return
      case "IdempotencyKeyReused":
        if (!purchase.isOtherSent) {
          judge.find("told.key_reused", subject, "the same body was refused as another one")
        }
        return
      case "PriceChanged":
        if (error.expected === error.actual) {
          judge.find("told.price_changed", subject, `${error.actual} was expected`)
        }
        return
      default:
        return
    }
  }

  /**
   * The stock refuses only what it does not have. A gate may be wrong while something is wrong;
   * when all is well it refuses what is gone, or wanted by those whom it has just let in.
   */
  #judgeSoldOut(subject: string, purchase: Purchase, { requested: units, sku }: SoldOut): void {
    const { isGated } = this.#stage.scenario
    if (!isGated) {
      this.#stock.judgeRefusal(subject, { sku, units, rivals: 0 }, purchase.sentAt)
    } else if (purchase.isQuiet) {
      let rivals = 0
      for (const other of this.purchases) {
        if (!other.isQuiet || other === purchase) continue
        for (const line of other.request.lines) if (line.sku === sku) rivals += line.quantity
      }
      this.#stock.judgeRefusal(subject, { sku, units, rivals }, purchase.sentAt - gateLagMsMax)
    }
  }
}
