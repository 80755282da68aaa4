import { sagasContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/memory/memoryLayer"

sagasContract("memory", layer)
