import { HttpApi, OpenApi } from "./effectHttp.ts"
import { CartApi } from "./groups/CartApi.ts"
import { CheckoutApi } from "./groups/CheckoutApi.ts"
import { OpsApi } from "./groups/OpsApi.ts"
import { OrdersApi } from "./groups/OrdersApi.ts"
import { ProductsApi } from "./groups/ProductsApi.ts"
import { QueueApi } from "./groups/QueueApi.ts"
import { SessionsApi } from "./groups/SessionsApi.ts"
import { SystemApi } from "./groups/SystemApi.ts"
import { WebhooksApi } from "./groups/WebhooksApi.ts"
import { Intake } from "./Intake.ts"
import { Problems } from "./problem/ProblemMiddleware.ts"

/**
 * The whole interface as one value: the server, the OpenAPI document, the documentation page and
 * the typed client are made of it.
 */
export const Api = HttpApi.make("doorbuster")
  .add(
    ProductsApi,
    SessionsApi,
    CartApi,
    CheckoutApi,
    QueueApi,
    OrdersApi,
    OpsApi,
    WebhooksApi,
    SystemApi
  )
  .middleware(Intake)
  .middleware(Problems)
  .annotateMerge(
    OpenApi.annotations({
      title: "Doorbuster",
      version: "0.1.0",
      description:
        "Money is whole minor units in JSON integers. Unknown fields are refused. " +
        "Every error is a problem document (RFC 9457) with a stable `code`."
    })
  )
  .annotate(HttpApi.PayloadParseOptions, { onExcessProperty: "error" })
  .annotate(HttpApi.QueryParseOptions, { onExcessProperty: "error" })
