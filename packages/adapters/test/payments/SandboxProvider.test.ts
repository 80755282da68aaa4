import { paymentProviderContract } from "@doorbuster/adapters/contract"
import { approveAll, behaviors } from "@doorbuster/adapters/payments/SandboxBehavior"
import * as SandboxBookMemory from "@doorbuster/adapters/payments/SandboxBookMemory"
import * as SandboxBookPostgres from "@doorbuster/adapters/payments/SandboxBookPostgres"
import * as Sandbox from "@doorbuster/adapters/payments/SandboxProvider"
import * as Layer from "effect/Layer"
import { databaseLayer } from "../postgres/testDatabase.ts"

/** One that declines everything has no capture to hold to a promise. */
for (const behavior of behaviors.filter((name) => name !== "decline")) {
  paymentProviderContract(
    `sandbox in memory, ${behavior}`,
    Sandbox.layer({ seed: "contract", mix: { [behavior]: 1 } }).pipe(
      Layer.provide(SandboxBookMemory.layer)
    )
  )
}

paymentProviderContract(
  "sandbox in Postgres",
  Sandbox.layer(approveAll).pipe(
    Layer.provide(SandboxBookPostgres.layer),
    Layer.provide(databaseLayer("sandbox"))
  )
)
