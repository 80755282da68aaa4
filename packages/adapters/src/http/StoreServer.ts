import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Api } from "./Api.ts"
import { answerClientErrors } from "./ClientErrors.ts"
import { Draining } from "./Draining.ts"
import { HttpApiBuilder, HttpApiScalar, HttpRouter, HttpServer } from "./effectHttp.ts"
import * as cart from "./handlers/cart.ts"
import * as checkout from "./handlers/checkout.ts"
import * as ops from "./handlers/ops.ts"
import * as orders from "./handlers/orders.ts"
import * as products from "./handlers/products.ts"
import * as queue from "./handlers/queue.ts"
import * as sessions from "./handlers/sessions.ts"
import * as system from "./handlers/system.ts"
import * as webhooks from "./handlers/webhooks.ts"
import { Intake } from "./Intake.ts"
import * as caller from "./identity/Caller.ts"
import { type Lane, LaneServer, makeLane } from "./lane/Lane.ts"
import { Problems } from "./problem/ProblemMiddleware.ts"
import * as routing from "./routing.ts"
import * as surface from "./Surface.ts"

export interface ServeOptions {
  /** 0 takes any free one; `Listening` says which. */
  readonly port: number
  /** The address to listen on; 127.0.0.1 unless told otherwise. */
  readonly host?: string
  /**
   * How long the server still takes connections after it has said that it is not ready, so that
   * a load balancer can notice; milliseconds, none unless told otherwise.
   */
  readonly announceMs?: number
  /** How long requests in flight may take once the server is told to stop, milliseconds. */
  readonly drainMs?: number
  /** For senders that are slow. */
  readonly limits?: ConnectionLimits
}

/** Where the server listens. */
export class Listening extends Context.Service<
  Listening,
  { readonly host: string; readonly port: number; readonly url: string }
>()("@doorbuster/adapters/http/Listening") {}

const handlers = Layer.mergeAll(
  cart.layer,
  checkout.layer,
  ops.layer,
  orders.layer,
  products.layer,
  queue.layer,
  sessions.layer,
  system.layer,
  webhooks.layer
)

/** The documentation's script and style come with the page: it works without a network. */
const docs = HttpApiScalar.layer(Api, {
  path: routing.docsPath,
  scalar: { withDefaultFonts: false }
})

const routes = Layer.mergeAll(
  HttpApiBuilder.layer(Api, { openapiPath: routing.openapiPath }).pipe(
    Layer.provide(handlers),
    Layer.provide([Problems.layer, Intake.layer, caller.layer])
  ),
  docs,
  routing.layer,
  surface.layer
)

/** The longest SKU has 64 characters, and each of them may come percent-encoded. */
const routerConfig = { maxParamLength: 3 * 64 }

export interface ConnectionLimits {
  /** How long the headers may take to arrive, milliseconds. */
  readonly headersTimeout: number
  /** How long the whole request may take to arrive, milliseconds. */
  readonly requestTimeout: number
  /** How often the two are looked at, milliseconds. */
  readonly connectionsCheckingInterval: number
}

const connectionLimits: ConnectionLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000
}

/**
 * Slow senders are cut off; a stream of events may be as quiet as it likes. Open connections are
 * kept for longer than load balancers keep theirs, so that none is closed under a request.
 */
const nodeServer = (limits: ConnectionLimits, lane: Lane) => () =>
  answerClientErrors(new LaneServer({ ...limits, keepAliveTimeout: 65_000 }, lane))

const listening = (host: string) =>
  Layer.effect(
    Listening,
    Effect.gen(function* () {
      const { address } = yield* HttpServer.HttpServer
      const port = "port" in address ? address.port : 0
      const name = host.includes(":") ? `[${host}]` : host
      return Listening.of({ host, port, url: `http://${name}:${port}` })
    })
  )

/** Built last, so its finalizer runs first: the server says that it goes before it goes. */
const announceEnd = (announceMs: number) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const { begin } = yield* Draining
      yield* Effect.addFinalizer(() => Effect.andThen(begin, Effect.sleep(announceMs)))
    })
  )

/**
 * The store's HTTP server, over the store's ports and services. When its scope closes it is not
 * ready any more, takes no new connections, ends event streams, finishes the requests in flight
 * (for `drainMs` at most), and only then lets go of what it stands on.
 */
export const serve = ({
  announceMs = 0,
  drainMs = 10_000,
  host = "127.0.0.1",
  limits = connectionLimits,
  port
}: ServeOptions) =>
  announceEnd(announceMs).pipe(
    Layer.provideMerge(
      HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true, routerConfig })
    ),
    Layer.provideMerge(listening(host)),
    Layer.provide(
      Layer.unwrap(
        Effect.map(makeLane, (lane) =>
          NodeHttpServer.layer(nodeServer(limits, lane), {
            port,
            host,
            gracefulShutdownTimeout: Duration.millis(drainMs)
          })
        )
      )
    ),
    Layer.provide(Draining.layer)
  )
