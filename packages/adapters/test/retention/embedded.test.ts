import { retentionContract } from "@doorbuster/adapters/contract"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as RetentionPostgres from "@doorbuster/adapters/postgres/RetentionPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import * as Layer from "effect/Layer"
import { embeddedStore } from "../embedded/embeddedStore.ts"

const { database } = await embeddedStore()

retentionContract(
  "embedded",
  Layer.mergeAll(OrdersPostgres.layer, SagasPostgres.layer, RetentionPostgres.layer).pipe(
    Layer.provide(database)
  )
)
