/**
 * What every adapter of a port promises, as test suites: hold your own adapter to them by one call
 * per port from a Vitest file. Needs vitest, @effect/vitest and fast-check beside this package.
 *
 *     inventoryContract("mine", layer)
 *     inventoryModel("mine", layer)
 */
export { booksContract } from "./contract/booksContract.ts"
export { cartsContract } from "./contract/cartsContract.ts"
export { catalogContract } from "./contract/catalogContract.ts"
export { inventoryContract } from "./contract/inventoryContract.ts"
export { inventoryModel } from "./contract/inventoryModel.ts"
export { ordersContract } from "./contract/ordersContract.ts"
export { paymentsContract } from "./contract/paymentsContract.ts"
export { sagasContract } from "./contract/sagasContract.ts"
