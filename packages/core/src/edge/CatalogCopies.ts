import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import type { Sku } from "../catalog/Sku.ts"

/** A product as the catalogue had it at `readAt` (epoch ms). */
export interface CatalogCopy {
  readonly entry: CatalogEntry
  readonly readAt: number
}

/** How old a copy may be, milliseconds. */
export const copyAgeMsMax = 30_000

/**
 * What the processes share about the catalogue as buyers browse it: copies of products, and the
 * news that a copy is not right any more. It never fails: what cannot be reached has no copy.
 */
export class CatalogCopies extends Context.Service<
  CatalogCopies,
  {
    /** Never older than `copyAgeMsMax`. */
    readonly find: (sku: Sku) => Effect.Effect<CatalogCopy | undefined>
    readonly keep: (copy: CatalogCopy) => Effect.Effect<void>
    /**
     * Drops these copies everywhere. A copy that was read before and is kept only now does not
     * come back.
     */
    readonly drop: (skus: ReadonlyArray<Sku>) => Effect.Effect<void>
    /** What is dropped, by whomever; `all` where news may have been missed. Never ends. */
    readonly dropped: Stream.Stream<ReadonlyArray<Sku> | "all">
  }
>()("@doorbuster/core/edge/CatalogCopies") {}
