import type { Mutant } from "../Mutant.ts"

/** Who runs a saga, and who takes it over. */
export const workers: ReadonlyArray<Mutant> = [
  {
    name: "dead-workers-jobs-stay-theirs",
    title: "What a dead worker had in hand is nobody's",
    story: {
      happened:
        "Jobs of monq stayed where they were for ever when the worker that had them crashed.",
      because:
        "A job that was taken belonged to its worker, and nothing asked whether it was alive.",
      cost: "Each crash left some work undone, without an error that anybody could see."
    },
    source: { name: "monq, issue 33", url: "https://github.com/scttnlsn/monq/issues/33" },
    patches: [
      {
        file: "adapters/src/simulated/orders/owningStatements.ts",
        find: "return worker === undefined || worker.leaseUntil <= on.now",
        replace: "return worker === undefined"
      }
    ],
    breaks: "saga.ends: a dead worker's sagas are taken over",
    seenAs: "Needs a process that dies: what it had under way never ends."
  },
  {
    name: "failed-saga-forgotten",
    title: "Work that keeps failing is dropped without a trace",
    story: {
      happened:
        "Jobs of Vercel's workflow engine on Postgres were retired for good, their workflows " +
        "standing still.",
      because:
        "Lost workers used up a job's attempts, and after the last one nothing put it down for " +
        "later.",
      cost: "Half-done work stayed half done until somebody noticed."
    },
    source: {
      name: "Vercel Workflow, issue 3992",
      url: "https://github.com/vercel/workflow/issues/3992"
    },
    patches: [
      {
        file: "core/src/saga/SagaRunner.ts",
        find: "yield* park(run, detail)",
        replace: "yield* Effect.logDebug(detail)"
      },
      {
        file: "core/src/saga/SagaWorker.ts",
        find: "oneByOne(takeUpStrays)",
        replace: "Effect.void"
      }
    ],
    breaks: "saga.ends: nothing that was started is ever forgotten",
    seenAs:
      "Needs an outage that is longer than a run's patience: the order is neither paid nor " +
      "canceled."
  }
]
