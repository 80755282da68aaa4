import type { SandboxMix, SandboxOptions } from "@doorbuster/adapters/payments/SandboxBehavior"
import { behaviors } from "@doorbuster/adapters/payments/SandboxBehavior"
import * as Effect from "effect/Effect"
import type { Configuration } from "./Configuration.ts"
import { ConfigurationInvalid } from "./ConfigurationInvalid.ts"

const isBehavior = (name: string): name is (typeof behaviors)[number] =>
  (behaviors as ReadonlyArray<string>).includes(name)

/** `approve=9,decline=1`: weights of the sandbox provider's behaviours. */
export const sandboxOptions = Effect.fnUntraced(function* ({
  values: { providerMix, providerSeed: seed }
}: Configuration): Effect.fn.Return<SandboxOptions, ConfigurationInvalid> {
  const mix: SandboxMix = {}
  for (const part of providerMix.split(",")) {
    const [name = "", weight = ""] = part.trim().split("=")
    if (!isBehavior(name) || !/^\d{1,6}$/.test(weight)) {
      return yield* new ConfigurationInvalid({
        origin: `the provider mix "${providerMix}"`,
        problem: `has to be a list such as approve=9,decline=1; there are ${behaviors.join(", ")}`
      })
    }
    mix[name] = Number(weight)
  }
  if (Object.values(mix).every((weight) => weight === 0)) {
    return yield* new ConfigurationInvalid({
      origin: `the provider mix "${providerMix}"`,
      problem: "has to give some behaviour a weight above zero"
    })
  }
  return { seed, mix }
})
