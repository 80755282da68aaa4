import { heatContract, hotKeysContract } from "@doorbuster/adapters/contract"
import * as HeatMemory from "@doorbuster/adapters/memory/HeatMemory"
import * as HotKeysMemory from "@doorbuster/adapters/memory/HotKeysMemory"
import { MemoryStore } from "@doorbuster/adapters/memory/MemoryStore"
import * as Layer from "effect/Layer"

heatContract("memory", HeatMemory.layer)
hotKeysContract("memory", HotKeysMemory.layer.pipe(Layer.provide(MemoryStore.layer)))
