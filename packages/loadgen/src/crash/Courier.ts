/** Brings the provider's messages to whatever process is there, until they are taken. */
import type { SandboxEvents } from "@doorbuster/adapters/payments/SandboxProvider"
import type { ProviderEvent } from "@doorbuster/core/payment/PaymentProvider"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"

type Events = (typeof SandboxEvents)["Service"]

/** The webhook of a living process; undefined while there is none. */
export type Webhook = () => ((event: ProviderEvent) => Effect.Effect<void, unknown>) | undefined

/** How long the provider waits for a webhook's answer and before it sends again; milliseconds. */
const patienceMs = 500

/** A message that is due later than this is not waited for; milliseconds. */
const awaitedMs = 2_000

export class Courier {
  readonly #webhook: Webhook
  readonly #cameTrue: Events["cameTrue"]
  #underWay = 0

  constructor(webhook: Webhook, { cameTrue }: Pick<Events, "cameTrue">) {
    this.#webhook = webhook
    this.#cameTrue = cameTrue
  }

  /** Messages that were sent and not yet taken. */
  get underWay(): number {
    return this.#underWay
  }

  #attempt(event: ProviderEvent): Effect.Effect<boolean> {
    return Effect.gen({ self: this }, function* () {
      const receive = this.#webhook()
      if (receive === undefined) return false
      // Whoever hangs up does not stop the shop's work: a dead process never answers.
      const call = yield* Effect.forkDetach(receive(event))
      const exit = yield* Effect.timeoutOption(Fiber.await(call), patienceMs)
      return Option.isSome(exit) && exit.value._tag === "Success"
    })
  }

  /** Sends a message after its delay until it is taken; one that did not come true is not sent. */
  send(event: ProviderEvent, afterMs: number): Effect.Effect<void, never, Scope.Scope> {
    const bring = Effect.gen({ self: this }, function* () {
      yield* Effect.sleep(afterMs)
      if (!(yield* Effect.orDie(this.#cameTrue(event)))) return
      while (!(yield* this.#attempt(event))) yield* Effect.sleep(patienceMs)
    })
    const counts = afterMs <= awaitedMs ? 1 : 0
    return Effect.suspend(() => {
      this.#underWay += counts
      const brought = Effect.sync(() => {
        this.#underWay -= counts
      })
      return Effect.asVoid(Effect.forkScoped(Effect.andThen(bring, brought)))
    })
  }

  /** Takes over what one process's provider has to say; it outlives the process. */
  serve({ queue }: Pick<Events, "queue">): Effect.Effect<void, never, Scope.Scope> {
    const next = Effect.flatMap(Queue.take(queue), ({ afterMs, event }) =>
      this.send(event, afterMs)
    )
    return Effect.asVoid(Effect.forkScoped(Effect.forever(next)))
  }
}
