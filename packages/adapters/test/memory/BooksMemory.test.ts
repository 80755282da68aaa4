import { booksContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/memory/memoryLayer"

booksContract("memory", layer)
