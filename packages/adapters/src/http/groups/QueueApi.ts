import { Uuid } from "@doorbuster/core/Uuid"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "../effectHttp.ts"
import { Authenticated } from "../identity/Caller.ts"
import { problems, schemasOf } from "../problem/problems.ts"
import { DoneView, WaitingView } from "../wire/QueueView.ts"

/** The caller's own places in line; staff sees all of them. */
export const QueueApi = HttpApiGroup.make("queue")
  .add(
    HttpApiEndpoint.get("look", "/queue/:ticket", {
      params: { ticket: Uuid },
      success: [WaitingView, DoneView],
      error: schemasOf(problems.ticket)
    }).annotate(
      OpenApi.Description,
      "How far the line has come, or what became of the order. `Retry-After` says when to ask " +
        "again. A ticket that is not found was lost, or its answer is older than an hour: send " +
        "the checkout again with the same key, which has its order or a new place."
    )
  )
  .middleware(Authenticated)
