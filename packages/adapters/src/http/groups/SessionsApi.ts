import * as Schema from "effect/Schema"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "../effectHttp.ts"
import { Authenticated } from "../identity/Caller.ts"
import { problems, schemasOf } from "../problem/problems.ts"

export const SessionsApi = HttpApiGroup.make("sessions")
  .add(
    HttpApiEndpoint.post("create", "/sessions", {
      success: Schema.Struct({
        token: Schema.String,
        account: Schema.String,
        expires_at: Schema.String
      }).pipe(HttpApiSchema.status(201))
    }).annotate(
      OpenApi.Description,
      "A guest's token: good for one cart and the orders made with it."
    )
  )
  .add(
    HttpApiEndpoint.delete("end", "/sessions", {
      success: HttpApiSchema.NoContent,
      error: schemasOf(problems.session)
    })
      .middleware(Authenticated)
      .annotate(
        OpenApi.Description,
        "Ends the session of the caller's token before its time; every process hears of it."
      )
  )
