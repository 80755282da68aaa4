import { inventoryContract } from "@doorbuster/adapters/contract/inventoryContract"
import { layer } from "@doorbuster/adapters/postgres/InventoryPostgres"
import * as Layer from "effect/Layer"
import { databaseLayer } from "./testDatabase.ts"

inventoryContract("postgres", layer.pipe(Layer.provide(databaseLayer("inventory"))))
