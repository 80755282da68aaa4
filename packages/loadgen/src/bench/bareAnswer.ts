/** What a bare server answers: the bytes of a store's answer, taken down once. */
import * as Effect from "effect/Effect"
import { childProcess } from "./childProcess.ts"
import { ReferenceFailed } from "./errors.ts"
import type { FloodRequest } from "./flood.ts"

export interface BareAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Node writes these by itself. */
const own: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding"
])

/** Asks a store once. */
export const sampleOf = (url: string, { body, headers, method, path }: FloodRequest) =>
  Effect.tryPromise({
    try: async (signal): Promise<BareAnswer> => {
      const init = { method, headers, signal, ...(body !== undefined && { body }) }
      const response = await fetch(new URL(path, url), init)
      const text = await response.text()
      const kept = [...response.headers].filter(([name]) => !own.has(name))
      return { status: response.status, headers: Object.fromEntries(kept), body: text }
    },
    catch: (cause) => new ReferenceFailed({ reference: url, detail: String(cause) })
  })

const entry = new URL("./bareServer.ts", import.meta.url)

/** A bare server in a process of its own, for as long as the scope is open. */
export const bareServer = Effect.fnUntraced(function* (answer: BareAnswer) {
  const child = yield* childProcess<BareAnswer, { readonly port: number }>(entry, "bare server")
  const { port } = yield* child.ask(answer)
  return { url: `http://127.0.0.1:${port}`, pid: child.pid }
})
