import { captureOf, euro } from "@doorbuster/adapters/contract/payments/fixtures"
import type { Entry } from "@doorbuster/core/ledger/Entry"
import { minor } from "@doorbuster/core/money/Minor"
import type { CreatePayment } from "@doorbuster/core/payment/Payments"
import { assert } from "@effect/vitest"
import * as calls from "./moneyCalls.ts"
import { column, moneyRaces, now, type Races, waiting } from "./moneyRaces.ts"

const taken = (constraint: string) =>
  `23505: duplicate key value violates unique constraint "${constraint}"`
const applied = taken("one_applied_payment_per_order")
const deadlock = "40P01: deadlock detected"

const races: Races = {
  "a lock answers what the one before it has left": async ({ a, begin, done }) => {
    await done(calls.create(a))
    const [first, second] = [await begin(), await begin()]
    await now(first, calls.lock(a))
    const locking = await waiting(second, calls.lock(a))
    await now(first, calls.capture(a, captureOf(a)))
    await first.commit()
    const rows = await locking.outcome
    assert.deepStrictEqual(column(rows, "state"), ["captured"])
    assert.deepStrictEqual(column(rows, "captured"), ["1200"])
    await second.commit()
  },

  "payments of an order that are not captured yet are not waited for": async ({
    a,
    begin,
    done
  }) => {
    await done(calls.create(a))
    const first = await begin()
    await now(first, calls.capture(a, captureOf(a)))
    assert.deepStrictEqual(await done(calls.lockOfOrder(a)), [])
    await first.commit()
    assert.lengthOf(await done(calls.lockOfOrder(a)), 1)
  },

  "of two that lock crosswise one is told to look again": async ({ a, b, begin, done }) => {
    await done(calls.create(a, b))
    const [first, second] = [await begin(), await begin()]
    await now(first, calls.lock(a))
    await now(second, calls.lock(b))
    const one = await waiting(first, calls.lock(b))
    const other = await second.send(...calls.lock(a))
    const outcomes = [await one.outcome, await other.outcome]
    assert.lengthOf(
      outcomes.filter((outcome) => outcome === deadlock),
      1
    )
    assert.lengthOf(
      outcomes.filter((outcome) => column(outcome, "state").length === 1),
      1
    )
    await (outcomes[0] === deadlock ? second : first).commit()
  },

  "the higher of two fences stands, whichever came first": async ({ a, b, begin, done }) => {
    for (const [of, epochs] of [
      [a, [3, 2]],
      [b, [2, 3]]
    ] as const) {
      const [first, second] = [await begin(), await begin()]
      await now(first, calls.raiseFence(of, epochs[0]))
      const raising = await waiting(second, calls.raiseFence(of, epochs[1]))
      await first.commit()
      await raising.outcome
      await second.commit()
      assert.deepStrictEqual(column(await done(calls.fenceOf(of)), "saga_epoch"), [3])
    }
  },

  "a capture that another payment has booked is a violation of its key": async ({
    a,
    b,
    begin,
    done
  }) => {
    await done(calls.create(a, b))
    const captureId = `shared-${a.paymentId}`
    const [first, second] = [await begin(), await begin()]
    await now(first, calls.capture(a, captureOf(a, { captureId })))
    const twin = await waiting(second, calls.capture(b, captureOf(b, { captureId })))
    await first.commit()
    assert.strictEqual(await twin.outcome, taken("postings_pkey"))
    assert.deepStrictEqual(column(await done(calls.find(b)), "state"), ["created"])
  },

  "an order's second payment is not applied, but takes the place of one that gave up": async ({
    a,
    b,
    begin,
    done
  }) => {
    const twin = { ...b, orderId: a.orderId }
    await done(calls.create(a, twin))
    const [first, second] = [await begin(), await begin()]
    await now(first, calls.capture(a, captureOf(a)))
    const applying = await waiting(second, calls.capture(twin, captureOf(twin)))
    await first.rollback()
    assert.deepStrictEqual(await applying.outcome, [])
    await second.commit()
    const third = await begin()
    assert.strictEqual(await now(third, calls.capture(a, captureOf(a))), applied)
  },

  "of three that apply money to one order at once one succeeds": async ({ a, b, begin, done }) => {
    const payments = [a, { ...b, orderId: a.orderId }]
    const third = { ...a, paymentId: a.paymentId.replace(/^.{8}/, "00000000") as never }
    await done(calls.create(...payments, third))
    const [first, second, last] = [await begin(), await begin(), await begin()]
    await now(first, calls.capture(a, captureOf(a)))
    const others = await Promise.all(
      (
        [
          [second, payments[1] as CreatePayment],
          [last, third]
        ] as const
      ).map(async ([session, of]) => ({
        session,
        ...(await waiting(session, calls.capture(of, captureOf(of))))
      }))
    )
    await first.rollback()
    const winner = await Promise.race(
      others.map(({ outcome, session }) => outcome.then(() => session))
    )
    await winner.commit()
    const told = await Promise.all(others.map(({ outcome }) => outcome))
    assert.sameDeepMembers(told, [[], applied])
  },

  "an entry is posted once, with the postings of the first": async ({ a, begin, done }) => {
    const entry: Entry = {
      entryId: `adjustment-${a.paymentId}`,
      kind: "bad_debt",
      currency: euro,
      orderId: null,
      paymentId: null,
      memo: `quoted "twice" \\ and, so on`,
      occurredAt: a.at,
      postings: [
        { account: "expenses:bad_debts", amount: minor(7n) },
        { account: "assets:bank", amount: minor(-7n) }
      ]
    }
    const other = { ...entry, postings: [...entry.postings].reverse() }
    const [first, second] = [await begin(), await begin()]
    await now(first, calls.post(entry))
    const posting = await waiting(second, calls.post(other))
    await first.commit()
    assert.deepStrictEqual(await posting.outcome, [])
    await second.commit()
    const rows = await done(calls.postingsOf(entry))
    assert.deepStrictEqual(column(rows, "amount"), ["7", "-7"])
  }
}

moneyRaces("Bookings", races)
