/** As many requests as a server answers, over so many connections at once. */
import autocannon from "autocannon"
import * as Effect from "effect/Effect"
import { cpuSeconds } from "./cpuSeconds.ts"
import { ReferenceFailed } from "./errors.ts"

export interface FloodRequest {
  readonly method: "GET" | "POST"
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface FloodOptions {
  readonly url: string
  /** The server's process, to see how much it works. */
  readonly pid: number
  /** Each connection sends one of them, again and again: nobody asks twice at once. */
  readonly requests: ReadonlyArray<FloodRequest>
  /** The only status that counts as an answer. */
  readonly status: number
  readonly connections: number
  readonly seconds: number
  readonly warmupSeconds: number
}

export interface FloodFigures {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers per second of the server's processor time; null where that cannot be read. */
  readonly perCpuSecond: number | null
}

const timeoutSeconds = 10

type Client = Parameters<NonNullable<Parameters<typeof autocannon<object>>[0]["setupClient"]>>[0]

/** Made once for each connection: a request that is made anew each time is the generator's work. */
const givingOut = (requests: ReadonlyArray<FloodRequest>) => {
  let next = 0
  return (client: Client) => {
    const request = requests[next++ % requests.length]
    if (request !== undefined) client.setRequests([{ ...request }])
  }
}

const run = (options: Parameters<typeof autocannon<object>>[0]) =>
  Effect.callback<Awaited<ReturnType<typeof autocannon>>, ReferenceFailed>((resume) => {
    const running = autocannon(options)
    running.then(
      (result) => resume(Effect.succeed(result)),
      (cause) =>
        resume(Effect.fail(new ReferenceFailed({ reference: "autocannon", detail: `${cause}` })))
    )
    return Effect.sync(() => running.stop())
  })

export const flood = Effect.fnUntraced(function* ({
  connections,
  pid,
  requests,
  seconds,
  status,
  url,
  warmupSeconds
}: FloodOptions) {
  const options = {
    url,
    connections,
    timeout: timeoutSeconds,
    requests: requests.slice(0, 1),
    setupClient: givingOut(requests)
  }
  if (warmupSeconds > 0) yield* run({ ...options, duration: warmupSeconds })
  const before = cpuSeconds(pid)
  const { duration, errors, latency, statusCodeStats } = yield* run({
    ...options,
    duration: seconds
  })
  const after = cpuSeconds(pid)
  const strangers = Object.keys(statusCodeStats).filter((name) => name !== `${status}`)
  const answers = statusCodeStats[status]?.count ?? 0
  if (strangers.length > 0 || errors > 0 || answers === 0) {
    const told = `${strangers.join(", ") || "nothing"} instead of ${status}, ${errors} errors`
    return yield* new ReferenceFailed({ reference: url, detail: `it answered ${told}` })
  }
  const figures: FloodFigures = {
    perSecond: answers / duration,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    perCpuSecond: before === null || after === null ? null : answers / (after - before)
  }
  return figures
})
