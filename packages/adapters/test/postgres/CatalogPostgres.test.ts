import { catalogContract } from "@doorbuster/adapters/contract/catalogContract"
import { layer } from "@doorbuster/adapters/postgres/CatalogPostgres"
import * as Layer from "effect/Layer"
import { databaseLayer } from "./testDatabase.ts"

catalogContract("postgres", layer.pipe(Layer.provide(databaseLayer("catalog"))))
