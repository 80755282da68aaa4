import type { Sku } from "@doorbuster/core/catalog/Sku"
import { CatalogCopies } from "@doorbuster/core/edge/CatalogCopies"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"

/** A process alone shares no copies; its own listeners hear what is dropped. */
export const layer: Layer.Layer<CatalogCopies> = Layer.effect(
  CatalogCopies,
  Effect.gen(function* () {
    const news = yield* Effect.acquireRelease(
      PubSub.unbounded<ReadonlyArray<Sku>>(),
      PubSub.shutdown
    )
    return CatalogCopies.of({
      find: () => Effect.succeed(undefined),
      keep: () => Effect.void,
      drop: (skus) => Effect.asVoid(PubSub.publish(news, skus)),
      dropped: Stream.fromPubSub(news)
    })
  })
)
