import { inventoryModel } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/memory/memoryLayer"

inventoryModel("memory", layer, { numRuns: 500 })
