import { retentionContract } from "@doorbuster/adapters/contract"
import { MemoryStore } from "@doorbuster/adapters/memory/MemoryStore"
import { layerShared } from "@doorbuster/adapters/memory/memoryLayer"
import * as RetentionMemory from "@doorbuster/adapters/memory/RetentionMemory"
import * as Layer from "effect/Layer"

retentionContract(
  "memory",
  Layer.merge(layerShared, RetentionMemory.layer).pipe(Layer.provide(MemoryStore.layer))
)
