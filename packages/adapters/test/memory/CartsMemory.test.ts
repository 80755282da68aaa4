import { cartsContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/memory/memoryLayer"

cartsContract("memory", layer)
