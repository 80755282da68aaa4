import { paymentsContract } from "@doorbuster/adapters/contract/paymentsContract"
import { layer } from "@doorbuster/adapters/postgres/PaymentsPostgres"
import * as Layer from "effect/Layer"
import { databaseLayer } from "./testDatabase.ts"

paymentsContract("postgres", layer.pipe(Layer.provide(databaseLayer("money"))))
