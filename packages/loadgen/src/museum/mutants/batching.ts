import type { Mutant } from "../Mutant.ts"

export const batching: ReadonlyArray<Mutant> = [
  {
    name: "batch-answers-in-the-order-of-ids",
    title: "A batch is answered in another order than it was asked",
    story: {
      happened:
        "Loaders that read many rows at once handed one caller's row to another caller of the " +
        "batch.",
      because:
        "The database returned the rows in an order of its own, and the answers were given out " +
        "by position.",
      cost: "It looked right in every test with a single caller, and mixed up people's data later."
    },
    source: {
      name: "dataloaden, issue 2",
      url: "https://github.com/vektah/dataloaden/issues/2"
    },
    patches: [
      {
        file: "adapters/src/postgres/inventory/reserve.ts",
        find: "for (const [i, request] of requests.entries()) {",
        replace: `const byId = requests.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1))
      for (const [i, request] of byId.entries()) {`
      }
    ],
    breaks: "paid.goods and saga.ends: an answer is about the order that asked",
    seenAs:
      "Needs a batch in which one order fits and another does not, not in the order of their " +
      "ids: one is told that it holds units and does not, the other holds units and is told " +
      "nothing."
  },
  {
    name: "batch-fails-whole",
    title: "One bad item fails its whole batch",
    story: {
      happened:
        "A queue's consumer that met one bad message failed all messages of the batch, the good " +
        "ones included.",
      because: "Success and failure were reported for the batch, not for each of its items.",
      cost: "Good messages were done again and again for as long as the bad one stayed with them."
    },
    source: {
      name: "Powertools for AWS Lambda, issue 92",
      url: "https://github.com/aws-powertools/powertools-lambda-python/issues/92"
    },
    patches: [
      {
        file: "core/src/batch/Batcher.ts",
        find: `if (failed?.error.reason === "bad_value" && entries.length > 1) {`,
        replace: `if (failed?.error.reason === "bad_value" && entries.length > options.limit) {`
      }
    ],
    breaks: "a good request is never refused for what another one brought",
    seenAs:
      "Needs a value that the database cannot store, in a batch with good ones: their buyers are " +
      "refused for no reason of theirs."
  },
  {
    name: "answered-before-commit",
    title: "The buyer is answered before the order is stored",
    story: {
      happened:
        "A message bus on Kafka lost messages whose contents could not be saved to the " +
        "database.",
      because:
        "It counted a message as done and went on to the next before its write was known to be " +
        "safe.",
      cost: "What failed to be written was gone, since nobody would send it again."
    },
    source: { name: "CAP, issue 78", url: "https://github.com/dotnetcore/CAP/issues/78" },
    patches: [
      {
        file: "core/src/checkout/orderSteps.ts",
        find: "const answer = receipt(run)",
        replace: `const answer = receipt(run)
    yield* tell(run, answer)`
      }
    ],
    breaks: "acknowledged.survives: an order that a client was told about exists",
    seenAs:
      "Needs an order that is refused while it is written, because its reference is taken or a " +
      "value cannot be stored: the buyer has a receipt for an order that is not there."
  }
]
