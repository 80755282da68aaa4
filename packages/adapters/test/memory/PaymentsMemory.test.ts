import { paymentsContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/memory/memoryLayer"

paymentsContract("memory", layer)
