import { PaymentEvents } from "@doorbuster/core/checkout/PaymentEvents"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Api } from "../Api.ts"
import { HttpApiBuilder } from "../effectHttp.ts"
import { HttpSecrets } from "../identity/HttpSecrets.ts"
import { verify } from "../identity/WebhookSignature.ts"
import { MalformedJson, SignatureInvalid } from "../problem/errors.ts"
import { invalid } from "../problem/requestErrors.ts"
import { providerEvent, WebhookBody } from "../wire/WebhookBody.ts"

const decode = Schema.decodeUnknownEffect(WebhookBody, { onExcessProperty: "error" })

const parse = (text: string) =>
  Effect.try({ try: (): unknown => JSON.parse(text), catch: () => new MalformedJson() })

export const layer = HttpApiBuilder.group(
  Api,
  "webhooks",
  Effect.fnUntraced(function* (handlers) {
    const { webhookSecret } = yield* HttpSecrets
    const { receive } = yield* PaymentEvents
    return handlers.handleRaw(
      "payments",
      Effect.fnUntraced(function* ({ headers, request }) {
        // Signed are the bytes as they came, so they are looked at before anything reads them.
        const bytes = new Uint8Array(yield* Effect.orDie(request.arrayBuffer))
        if (webhookSecret === null) return yield* new SignatureInvalid({ reason: "mismatch" })
        const now = yield* Clock.currentTimeMillis
        yield* Effect.fromResult(verify(webhookSecret, headers["stripe-signature"], bytes, now))
        const json = yield* parse(new TextDecoder().decode(bytes))
        const body = yield* Effect.mapError(decode(json), ({ issue }) => invalid("body", issue))
        yield* receive(providerEvent(body))
        return { received: true as const }
      })
    )
  })
)
