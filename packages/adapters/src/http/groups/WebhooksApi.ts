import * as Schema from "effect/Schema"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "../effectHttp.ts"
import { problems, schemasOf } from "../problem/problems.ts"
import { WebhookBody } from "../wire/WebhookBody.ts"

export const WebhooksApi = HttpApiGroup.make("webhooks").add(
  HttpApiEndpoint.post("payments", "/webhooks/payments", {
    headers: { "stripe-signature": Schema.optionalKey(Schema.String) },
    payload: WebhookBody,
    success: Schema.Struct({ received: Schema.Literal(true) }),
    error: schemasOf(problems.webhook)
  }).annotate(
    OpenApi.Description,
    "`Stripe-Signature: t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<raw body>`."
  )
)
