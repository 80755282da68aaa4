/**
 * What every adapter of a port promises, as test suites: hold your own adapter to them by one call
 * per port from a Vitest file. Needs vitest, @effect/vitest and fast-check beside this package.
 *
 *     inventoryContract("mine", layer)
 *     inventoryModel("mine", layer)
 */
export { answerCacheContract } from "./contract/answerCacheContract.ts"
export { booksContract } from "./contract/booksContract.ts"
export { cartsContract } from "./contract/cartsContract.ts"
export { catalogContract } from "./contract/catalogContract.ts"
export { catalogCopiesContract } from "./contract/catalogCopiesContract.ts"
export { gateContract } from "./contract/gateContract.ts"
export { heatContract } from "./contract/heat/heatContract.ts"
export { hotKeysContract } from "./contract/heat/hotKeysContract.ts"
export { inventoryContract } from "./contract/inventoryContract.ts"
export { inventoryModel } from "./contract/inventoryModel.ts"
export { orderQueueContract } from "./contract/orderQueueContract.ts"
export { ordersContract } from "./contract/ordersContract.ts"
export { paymentProviderContract } from "./contract/paymentProviderContract.ts"
export { paymentsContract } from "./contract/paymentsContract.ts"
export { rateCountersContract } from "./contract/rateCountersContract.ts"
export { retentionContract } from "./contract/retentionContract.ts"
export { sagasContract } from "./contract/sagasContract.ts"
export { sessionsContract } from "./contract/sessionsContract.ts"
