import { inventoryModel } from "@doorbuster/adapters/contract/inventoryModel"
import { layer } from "@doorbuster/adapters/postgres/InventoryPostgres"
import * as Layer from "effect/Layer"
import { databaseLayer } from "./testDatabase.ts"

inventoryModel("postgres", layer.pipe(Layer.provide(databaseLayer("inventory"))), { numRuns: 60 })
