import type { Mutant } from "../Mutant.ts"

export const idempotency: ReadonlyArray<Mutant> = [
  {
    name: "key-checked-then-claimed",
    title: "The idempotency key is looked up first and claimed later",
    story: {
      happened:
        "Two requests with one idempotency key that arrived together were both carried out by a " +
        "Laravel package made to prevent it.",
      because: "Each looked for an earlier answer, found none, and went on.",
      cost: "The double click that the key was for made two orders."
    },
    source: {
      name: "laravel-idempotency, issue 1",
      url: "https://github.com/square1-io/laravel-idempotency/issues/1"
    },
    patches: [
      {
        file: "core/src/checkout/Checkout.ts",
        find: `const place = (request: PlaceOrder) =>
        orAnswered(writes, request)(pastGate(gate, request)(take(request)))`,
        replace: `const place = Effect.fnUntraced(function* (request: PlaceOrder) {
        const claim = yield* writes.claimOf(request)
        const fresh = claim === undefined ? take(request) : Effect.fail({ message: "claimed" })
        return yield* orAnswered(writes, request)(fresh)
      })`
      },
      {
        file: "adapters/src/simulated/orders/openingStatements.ts",
        find: "if (standing === undefined) claimed.add(sagaId)",
        replace: "claimed.add(sagaId)"
      }
    ],
    breaks: "idempotency.one_effect: one key, one order",
    seenAs: "Needs a buyer who sends the same request twice at once: two orders, and two charges."
  },
  {
    name: "key-answers-another-request",
    title: "A key that was used for something else gets that answer",
    story: {
      happened:
        "A key that came again with another body got the stored answer of the first request.",
      because: "The key alone decided; nothing of the request was kept beside it.",
      cost: "The client believed that its order was placed, and it was another one."
    },
    source: {
      name: "idempotency4j, issue 12",
      url: "https://github.com/josipmusa/idempotency4j/issues/12"
    },
    patches: [
      {
        file: "adapters/src/postgres/SagasPostgres.ts",
        find: `if (text(row, "fingerprint") !== item.fingerprint) return { _tag: "KeyReused" }`,
        replace: ""
      },
      {
        file: "core/src/saga/SagaContext.ts",
        find:
          "if (claim.fingerprint !== fingerprint) return yield* new IdempotencyKeyReused({ key " +
          "})",
        replace: ""
      }
    ],
    breaks: "acknowledged.survives: the order that a client was told about has its lines",
    seenAs: "Needs a client that uses one key for two different orders."
  }
]
