import { hotKeysContract } from "@doorbuster/adapters/contract"
import * as HotKeysPostgres from "@doorbuster/adapters/postgres/HotKeysPostgres"
import * as Layer from "effect/Layer"
import { databaseLayer } from "../postgres/testDatabase.ts"

hotKeysContract("postgres", HotKeysPostgres.layer.pipe(Layer.provide(databaseLayer("inventory"))))
