import { orderQueueContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/memory/OrderQueueMemory"

orderQueueContract("memory", layer)
