import { inventoryContract } from "@doorbuster/adapters/contract/inventoryContract"
import { inventoryModel } from "@doorbuster/adapters/contract/inventoryModel"
import { layer } from "@doorbuster/adapters/postgres/InventoryPostgres"
import * as Layer from "effect/Layer"
import { inventoryDatabase } from "./inventoryServer.ts"

const simulated = layer.pipe(Layer.provide(inventoryDatabase))

inventoryContract("postgres, simulated", simulated)
inventoryModel("postgres, simulated", simulated, { numRuns: 60 })
