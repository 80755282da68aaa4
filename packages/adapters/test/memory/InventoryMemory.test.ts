import { inventoryContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/memory/memoryLayer"

inventoryContract("memory", layer)
