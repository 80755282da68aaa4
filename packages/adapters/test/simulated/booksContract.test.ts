import { booksContract } from "@doorbuster/adapters/contract/booksContract"
import { storeLayer } from "./simulatedStore.ts"

booksContract("simulated Postgres", storeLayer)
