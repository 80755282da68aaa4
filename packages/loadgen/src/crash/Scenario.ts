import type { SandboxMix } from "@doorbuster/adapters/payments/SandboxBehavior"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { OrderState } from "@doorbuster/core/order/OrderState"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { CrashWorld } from "./CrashWorld.ts"
import type { Customer } from "./Customer.ts"
import type { Whims } from "./WilfulBook.ts"

/** `none`: no order was made. */
export type Final = OrderState | "none"

/** Something that a shop is asked to do, during which its process dies. */
export interface Scenario {
  /** As in `--only refund-in-full/3:after`. */
  readonly name: string
  /** The same for people. */
  readonly title: string
  readonly mix: SandboxMix
  readonly whims?: Whims
  /** Asks again, with the same key, until there is an answer. */
  readonly insists?: true
  /** The reservation runs out while the scenario lasts. */
  readonly brief?: true
  /** Nobody takes over before the reservation has run out. */
  readonly late?: true
  /** What happens before anything crashes, undisturbed and each to its end. */
  readonly before?: ReadonlyArray<(customer: Customer, orderId: OrderId) => Effect.Effect<unknown>>
  /** What is going on when it crashes; `orderId` is that of the order made before. */
  readonly act: (
    customer: Customer,
    orderId: OrderId,
    world: CrashWorld
  ) => Effect.Effect<unknown, never, Scope.Scope>
  /** The states in which the order may be found at rest, for what was answered. */
  readonly finals: (customer: Customer) => ReadonlyArray<Final>
}
