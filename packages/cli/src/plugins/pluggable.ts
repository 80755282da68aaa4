import { Books } from "@doorbuster/core/audit/Books"
import { Carts } from "@doorbuster/core/cart/Carts"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { AnswerCache } from "@doorbuster/core/edge/AnswerCache"
import { CatalogCopies } from "@doorbuster/core/edge/CatalogCopies"
import { Gate } from "@doorbuster/core/edge/Gate"
import { Heat } from "@doorbuster/core/edge/heat/Heat"
import { HotKeys } from "@doorbuster/core/edge/heat/HotKeys"
import { Sessions } from "@doorbuster/core/edge/Sessions"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import { Payments } from "@doorbuster/core/payment/Payments"
import { OrderQueue } from "@doorbuster/core/queue/OrderQueue"
import { Retention } from "@doorbuster/core/retention/Retention"
import type * as Layer from "effect/Layer"

/**
 * The ports that a configuration file may replace, by the name that it calls them. Another port is
 * one more line; the compiler then asks `layers.ts` for what serves it when nothing is plugged.
 *
 * These every command builds.
 */
export const storePorts = {
  books: Books,
  carts: Carts,
  catalog: Catalog,
  inventory: Inventory,
  orders: Orders,
  paymentProvider: PaymentProvider,
  payments: Payments,
  sagas: Sagas
}

/** These only who takes orders needs; each is built where it is asked for, over those above. */
export const serverPorts = {
  answerCache: AnswerCache,
  catalogCopies: CatalogCopies,
  gate: Gate,
  heat: Heat,
  hotKeys: HotKeys,
  orderQueue: OrderQueue,
  retention: Retention,
  sessions: Sessions
}

export const pluggable = { ...storePorts, ...serverPorts }
export type PortName = keyof typeof pluggable
export const portNames = Object.keys(pluggable) as ReadonlyArray<PortName>

/** The service behind a name. */
export type Port<N extends PortName> = (typeof pluggable)[N]["Identifier"]
export type StorePort = Port<keyof typeof storePorts>
export type ServerPortName = keyof typeof serverPorts

/** Gives the port; may ask for any other one of the store. */
type PluggedLayer<S> = Layer.Layer<S, unknown, Exclude<StorePort, S>>

/**
 * What takes the place of a port's own layer: another layer, or a function that wraps the port's
 * own one.
 */
export type Plug<S> = PluggedLayer<S> | ((own: Layer.Layer<S>) => PluggedLayer<S>)

/** The ports that are replaced, in the order in which they are built. */
export type Plugs = { readonly [N in PortName]?: Plug<Port<N>> }

/** What a configuration file replaces. */
export interface Plugins {
  /** The file that says so; null where none does. */
  readonly file: string | null
  readonly ports: Plugs
}

export const noPlugins: Plugins = { file: null, ports: {} }
