/** Histories of few steps, which every server must answer alike. */
import { payment } from "@doorbuster/adapters/contract/payments/fixtures"
import type { CreatePayment } from "@doorbuster/core/payment/Payments"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as calls from "./moneyCalls.ts"
import { type Session, Sessions, servers } from "./moneySessions.ts"
import type { Outcome } from "./SimulatedSession.ts"

/** What a statement that must not wait comes to. */
export const now = async (session: Session, call: calls.Call): Promise<Outcome> => {
  const { outcome, waits } = await session.send(...call)
  assert.isFalse(waits, `${call[0].name} waits`)
  return outcome
}

/** A statement that must wait, under way. */
export const waiting = async (session: Session, call: calls.Call) => {
  const sent = await session.send(...call)
  assert.isTrue(sent.waits, `${call[0].name} does not wait`)
  return sent
}

export interface Stage {
  readonly a: CreatePayment
  readonly b: CreatePayment
  readonly begin: () => Promise<Session>
  /** Statements in a transaction of their own, of which none waits; what the last one says. */
  readonly done: (...statements: ReadonlyArray<calls.Call>) => Promise<Outcome>
}

export const idsOf = (...payments: ReadonlyArray<CreatePayment>) =>
  payments.map(({ paymentId }) => ({ payment_id: paymentId }))

export const column = (outcome: Outcome, name: string) =>
  typeof outcome === "string" ? outcome : outcome.map((row) => row[name])

export type Races = Readonly<Record<string, (stage: Stage) => Promise<void>>>

/** Holds both servers to what the histories expect. */
export const moneyRaces = (of: string, races: Races): void => {
  for (const [name, server] of Object.entries(servers)) {
    layer(server, { excludeTestServices: true, timeout: "60 seconds" })(
      `${of}, side by side on ${name}:`,
      (it) => {
        for (const [promise, race] of Object.entries(races)) {
          it.effect(promise, () =>
            Effect.gen(function* () {
              const { begin } = yield* Sessions
              const [a, b] = [yield* payment, yield* payment]
              const done: Stage["done"] = async (...statements) => {
                const session = await begin()
                let outcome: Outcome = []
                for (const statement of statements) outcome = await now(session, statement)
                await session.commit()
                return outcome
              }
              yield* Effect.promise(() => race({ a, b, begin, done }))
            })
          )
        }
      }
    )
  }
}
