import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "../effectHttp.ts"
import { keyed } from "../idempotency/IdempotencyKey.ts"
import { Authenticated } from "../identity/Caller.ts"
import { problems, schemasOf } from "../problem/problems.ts"
import { CheckoutBody, QuoteBody, Receipt } from "../wire/CheckoutBody.ts"
import { WaitingView } from "../wire/QueueView.ts"
import { QuoteView } from "../wire/QuoteView.ts"

export const CheckoutApi = HttpApiGroup.make("checkout")
  .add(
    HttpApiEndpoint.post("quote", "/quote", {
      payload: QuoteBody,
      success: QuoteView,
      error: schemasOf(problems.quote)
    }).annotate(OpenApi.Description, "The server's own price, with its arithmetic."),
    HttpApiEndpoint.post("place", "/checkout", {
      headers: keyed,
      payload: CheckoutBody,
      success: [
        Receipt.pipe(HttpApiSchema.status(201)),
        WaitingView.pipe(HttpApiSchema.status(202))
      ],
      error: schemasOf(problems.checkout)
    }).annotate(
      OpenApi.Description,
      "Places an order. Prices are read again here; the answer comes as soon as the order " +
        "exists and holds its units, the payment follows. Where orders wait in line, the answer " +
        "is 202 with a ticket instead: ask for it at `Location`."
    )
  )
  .middleware(Authenticated)
