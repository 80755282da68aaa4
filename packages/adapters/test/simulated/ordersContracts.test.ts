import { ordersContract } from "@doorbuster/adapters/contract/ordersContract"
import { sagasContract } from "@doorbuster/adapters/contract/sagasContract"
import { ordersLayer } from "./ordersServer.ts"

ordersContract("postgres, simulated", ordersLayer)
sagasContract("postgres, simulated", ordersLayer)
