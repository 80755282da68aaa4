import { paymentsContract } from "@doorbuster/adapters/contract/paymentsContract"
import { paymentsLayer } from "./moneyServer.ts"

paymentsContract("simulated Postgres", paymentsLayer)
