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
  },
  {
    name: "fencing-missing",
    title: "A worker that lost its lease still writes",
    story: {
      happened:
        "A step of pikku's workflows that had been taken over could still be finished, and its " +
        "lease be renewed, by the worker that had stalled.",
      because: "A lease said who may begin, and no write asked whether it was still theirs.",
      cost: "A result that was out of date replaced the one of whoever had taken the work over."
    },
    source: { name: "pikku, issue 1742", url: "https://github.com/pikkujs/pikku/issues/1742" },
    patches: [
      {
        file: "adapters/src/postgres/money/attempts.ts",
        find: "if (epoch < (epochs.get(orderId) ?? 0)) return false",
        replace: ""
      }
    ],
    breaks: "fence.epochs_rise: who was taken over changes nothing any more",
    seenAs: "Needs a process that stands still, is taken over, and goes on with a payment."
  },
  {
    name: "lease-never-renewed",
    title: "Work that takes long is given to a second worker",
    story: {
      happened:
        "With Hangfire's storage on MySQL a job of more than half an hour was begun again by the " +
        "second server while the first was still at it.",
      because: "The time at which a job was fetched was its lease, and nobody renewed it.",
      cost: "Each long job ran twice, at the same time."
    },
    source: {
      name: "Hangfire.MySqlStorage, issue 20",
      url: "https://github.com/arnoldasgudas/Hangfire.MySqlStorage/issues/20"
    },
    patches: [
      {
        file: "core/src/saga/SagaWorker.ts",
        find: "yield* every(settings.leaseTtlMs / 3, renew)",
        replace: ""
      }
    ],
    breaks: "lease.keeps: nobody takes a saga from a worker that lives",
    seenAs: "Needs nothing that goes wrong, only a second worker that looks while one is at work."
  }
]
