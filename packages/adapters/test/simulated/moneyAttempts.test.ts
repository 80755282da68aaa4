import { newPayment } from "@doorbuster/core/payment/booking"
import { assert } from "@effect/vitest"
import * as calls from "./moneyCalls.ts"
import { column, idsOf, moneyRaces, now, type Races, waiting } from "./moneyRaces.ts"

const races: Races = {
  "a creation waits for its twin and leaves what the twin wrote": async ({ a, begin }) => {
    const [first, second] = [await begin(), await begin()]
    assert.deepStrictEqual(await now(first, calls.create(a)), idsOf(a))
    const twin = await waiting(second, calls.create(a))
    await first.commit()
    assert.deepStrictEqual(await twin.outcome, [])
    // Its snapshot is older, a new one shows the row.
    assert.lengthOf(await now(second, calls.find(a)), 1)
    await second.commit()
  },

  "a creation whose twin gave up is made": async ({ a, begin, done }) => {
    const [first, second] = [await begin(), await begin()]
    await now(first, calls.create(a))
    const twin = await waiting(second, calls.create(a))
    await first.rollback()
    assert.deepStrictEqual(await twin.outcome, idsOf(a))
    await second.commit()
    assert.lengthOf(await done(calls.find(a)), 1)
  },

  "a payment is created once, however often one batch asks": async ({ a, done }) => {
    assert.deepStrictEqual(await done(calls.create(a, a)), idsOf(a))
    assert.deepStrictEqual(await done(calls.send(a, a)), idsOf(a))
  },

  "a creation that waits does not see the fence that comes meanwhile, its sending does": async ({
    a,
    b,
    begin,
    done
  }) => {
    const [low, high] = a.paymentId < b.paymentId ? [a, b] : [b, a]
    const [first, second] = [await begin(), await begin()]
    await now(first, calls.create(low))
    const creation = await waiting(second, calls.create(low, high))
    await done(calls.raiseFence(high, 2))
    await first.commit()
    assert.deepStrictEqual(await creation.outcome, idsOf(high))
    await second.commit()
    assert.deepStrictEqual(await done(calls.send(high)), [])
  },

  "a creation behind a fence is refused": async ({ a, done }) => {
    await done(calls.raiseFence(a, 2))
    assert.deepStrictEqual(await done(calls.create(a)), [])
    assert.deepStrictEqual(await done(calls.create({ ...a, epoch: 2 })), idsOf(a))
  },

  "a sending that waits for a cancel finds the payment canceled": async ({ a, begin, done }) => {
    await done(calls.create(a))
    const [first, second] = [await begin(), await begin()]
    await now(first, calls.lock(a))
    const sending = await waiting(second, calls.send(a))
    await now(first, calls.change(newPayment(a, "canceled")))
    await first.commit()
    assert.deepStrictEqual(await sending.outcome, [])
    assert.deepStrictEqual(column(await now(second, calls.find(a)), "state"), ["canceled"])
    await second.commit()
  },

  "a sending goes on where the cancel gave up": async ({ a, begin, done }) => {
    await done(calls.create(a))
    const [first, second] = [await begin(), await begin()]
    await now(first, calls.change(newPayment(a, "canceled")))
    const sending = await waiting(second, calls.send(a))
    await first.rollback()
    assert.deepStrictEqual(await sending.outcome, idsOf(a))
    await second.commit()
  },

  "a sending that waits for a fence is judged by the payment's epoch": async ({
    a,
    begin,
    done
  }) => {
    await done(calls.create(a))
    const [fencing, zombie] = [await begin(), await begin()]
    await now(fencing, calls.raiseFence(a, 2))
    await now(fencing, calls.lockForFence(a))
    const sending = await waiting(zombie, calls.send(a))
    await now(fencing, calls.raisePayments(a, 2))
    await fencing.commit()
    assert.deepStrictEqual(await sending.outcome, [])
    await zombie.commit()
    assert.deepStrictEqual(column(await done(calls.find(a)), "saga_epoch"), [2])
  },

  "a sending looks at the fence by its snapshot, also when the payment is judged anew": async ({
    a,
    begin,
    done
  }) => {
    await done(calls.create(a))
    const [first, second] = [await begin(), await begin()]
    await now(first, calls.change(newPayment(a, "created")))
    const sending = await waiting(second, calls.send(a))
    await done(calls.raiseFence(a, 2))
    await first.commit()
    assert.deepStrictEqual(await sending.outcome, idsOf(a))
    await second.rollback()
    assert.deepStrictEqual(await done(calls.send(a)), [])
  }
}

moneyRaces("Attempts to pay", races)
