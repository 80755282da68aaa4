import { QueueMode } from "@doorbuster/core/queue/QueueDesk"
import { UnknownTicket } from "@doorbuster/core/queue/UnknownTicket"
import * as Effect from "effect/Effect"
import { Api } from "../Api.ts"
import { HttpApiBuilder } from "../effectHttp.ts"
import { Caller } from "../identity/Caller.ts"
import { doneView } from "../wire/QueueView.ts"
import { waitingResponse } from "./joinQueue.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "queue",
  Effect.fnUntraced(function* (handlers) {
    const desk = yield* QueueMode

    return handlers.handle(
      "look",
      Effect.fnUntraced(function* ({ params: { ticket } }) {
        const caller = yield* Caller
        const state = desk === null ? undefined : yield* desk.look(ticket)
        const isTheirs = caller.staff || state?.account === caller.account
        if (desk === null || state === undefined || !isTheirs) {
          return yield* new UnknownTicket({ ticket })
        }
        if (state._tag === "Answered") return doneView(ticket, state.answer)
        return waitingResponse(200, ticket, state.position, desk)
      })
    )
  })
)
