import type { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import type * as Layer from "effect/Layer"
import { canceling, capturing, creating, declining } from "./paymentProvider/deciding.ts"
import type { ProviderTerms } from "./paymentProvider/fixtures.ts"
import { refunding } from "./paymentProvider/refunding.ts"
import { suite } from "./suite.ts"

/**
 * What every `PaymentProvider` promises. It may be slow and lose its answers, but has to approve
 * payments of 12.00: give its test account here, never one that moves money.
 */
export const paymentProviderContract = <E>(
  name: string,
  adapter: Layer.Layer<PaymentProvider, E>,
  terms: ProviderTerms = {}
): void =>
  suite(`PaymentProvider contract: ${name}`, adapter, [
    creating(terms),
    capturing(terms),
    canceling(terms),
    declining(terms),
    refunding(terms)
  ])
