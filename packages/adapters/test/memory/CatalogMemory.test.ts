import { catalogContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/memory/memoryLayer"

catalogContract("memory", layer)
