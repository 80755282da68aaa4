import { paymentsContract } from "@doorbuster/adapters/contract/paymentsContract"
import { paymentsLayer } from "./moneyStore.ts"

paymentsContract("simulated Postgres", paymentsLayer)
