import { hotKeysContract } from "@doorbuster/adapters/contract"
import { InventoryDatabase } from "@doorbuster/adapters/postgres/Database"
import * as HotKeysPostgres from "@doorbuster/adapters/postgres/HotKeysPostgres"
import {
  hotKeyStatements,
  makeHotKeyTable
} from "@doorbuster/adapters/simulated/inventory/hotKeyStatements"
import * as Layer from "effect/Layer"
import { databaseOf, simulatedServer } from "../simulated/simulatedServer.ts"

const database = Layer.sync(InventoryDatabase, () =>
  databaseOf(simulatedServer(hotKeyStatements(makeHotKeyTable())))
)

hotKeysContract("postgres, simulated", HotKeysPostgres.layer.pipe(Layer.provide(database)))
