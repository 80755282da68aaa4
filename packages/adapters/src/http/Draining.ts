import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** The process is on its way out: it finishes what it has and asks for no more. */
export class Draining extends Context.Service<
  Draining,
  {
    readonly begin: Effect.Effect<void>
    readonly begun: () => boolean
    /** Waits for it. */
    readonly wait: Effect.Effect<void>
  }
>()("@doorbuster/adapters/http/Draining") {
  static readonly layer: Layer.Layer<Draining> = Layer.sync(Draining, () => {
    const begun = Deferred.makeUnsafe<void>()
    return Draining.of({
      begin: Effect.asVoid(Deferred.succeed(begun, undefined)),
      begun: () => Deferred.isDoneUnsafe(begun),
      wait: Deferred.await(begun)
    })
  })
}
