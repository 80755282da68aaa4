import type { Mutant } from "../Mutant.ts"

/** Bugs of the line in which orders wait. */
export const queue: ReadonlyArray<Mutant> = [
  {
    name: "acknowledged-before-the-work",
    title: "An order leaves the line when it is taken, not when it is placed",
    story: {
      happened:
        "A worker of Celery that was killed in the middle of its work took all the tasks with " +
        "it that it had fetched.",
      because:
        "Messages were acknowledged as they came in, while many of them still waited for a free " +
        "place among the workers.",
      cost: "Those tasks were lost: the broker believed that they were done."
    },
    source: {
      name: "Celery, issue 14",
      url: "https://github.com/celery/celery/issues/14"
    },
    patches: [
      {
        file: "adapters/src/memory/OrderQueueMemory.ts",
        find: "this.#held.set(ticket.entry, held)",
        replace: "// Nobody remembers who has it."
      }
    ],
    breaks: "liveness: nobody waits with a ticket for ever",
    seenAs:
      "Needs a worker that dies between taking an order out of the line and placing it, or whose " +
      "answer is lost: the buyer is next in line, and stays it."
  },
  {
    name: "each-delivery-is-an-order",
    title: "Whoever is handed an order in line makes a new one of it",
    story: {
      happened: "Jobs of Bull that had just been completed were now and then run once more.",
      because:
        "The search for stalled jobs went by a list of jobs in hand that was out of date, and " +
        "nothing told a second run from a first one.",
      cost: "On a busy queue, work was done twice without anybody having asked for it."
    },
    source: {
      name: "Bull, issue 356",
      url: "https://github.com/OptimalBits/bull/issues/356"
    },
    patches: [
      {
        file: "core/src/queue/QueueWorker.ts",
        find: "const outcome = yield* attempt(order)",
        replace: "const outcome = yield* attempt({ ...order, key: yield* nextUuid })"
      }
    ],
    breaks: "order.asked_for: there is one order for one key, and somebody sent it",
    seenAs:
      "Needs an order that is handed out twice to be two orders, and a look at the keys of all " +
      "orders to be seen: the buyer is told of one of them only."
  }
]
