import { cartsContract } from "@doorbuster/adapters/contract/cartsContract"
import { layer } from "@doorbuster/adapters/postgres/CartsPostgres"
import * as Layer from "effect/Layer"
import { databaseLayer } from "./testDatabase.ts"

cartsContract("postgres", layer.pipe(Layer.provide(databaseLayer("catalog"))))
