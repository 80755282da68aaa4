/** A place in line as its owner sees it. */
import type { QueueAnswer } from "@doorbuster/core/queue/QueueAnswer"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Schema from "effect/Schema"
import { problemOf } from "../problem/problems.ts"

export const WaitingView = Schema.Struct({
  ticket: Schema.String,
  state: Schema.Literal("waiting"),
  position: Schema.Int.annotate({ description: "1 is next; 0 is being placed now" }),
  estimated_seconds: Schema.Int
})

export const DoneView = Schema.Struct({
  ticket: Schema.String,
  state: Schema.Literal("done"),
  status: Schema.Int.annotate({
    description: "What the checkout would have answered: 201, or a problem's status"
  }),
  order_id: Schema.NullOr(Schema.String),
  answer: Schema.Json.annotate({ description: "The checkout's own answer, or its problem" })
})

export const waitingView = (
  ticket: Uuid,
  position: number,
  secondsUntil: (position: number) => number
): typeof WaitingView.Type => ({
  ticket,
  state: "waiting",
  position,
  estimated_seconds: secondsUntil(position)
})

export const doneView = (ticket: Uuid, answer: QueueAnswer): typeof DoneView.Type => {
  if (answer._tag === "Placed") {
    const receipt = JSON.parse(answer.body) as { readonly order_id: string }
    const { order_id } = receipt
    return { ticket, state: "done", status: answer.status, order_id, answer: receipt }
  }
  const problem = problemOf(answer.error)?.body(answer.error)
  const status = problem?.status ?? 500
  return { ticket, state: "done", status, order_id: null, answer: { ...problem } }
}
