/** The part of autocannon that is used here; the package brings no types of its own. */
declare module "autocannon" {
  interface RequestDraft {
    readonly method: string
    readonly path: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  }

  interface RequestPlan<Context> extends RequestDraft {
    /** Called before each request; `context` is new for each and comes back with the answer. */
    readonly setupRequest?: (draft: RequestDraft, context: Context) => RequestDraft
    readonly onResponse?: (status: number, body: string, context: Context) => void
  }

  /** One of the connections. */
  interface Client {
    readonly setRequests: (requests: ReadonlyArray<RequestDraft>) => void
  }

  interface Options<Context> {
    readonly url: string
    readonly connections: number
    /** Requests in all, over all connections; without it the time decides. */
    readonly amount?: number
    /** Seconds that it runs where no amount is given. */
    readonly duration?: number
    /** Seconds. */
    readonly timeout: number
    readonly requests: ReadonlyArray<RequestPlan<Context>>
    /** Called with each connection before its first request. */
    readonly setupClient?: (client: Client) => void
  }

  interface Result {
    /** Connections that failed, timeouts included. */
    readonly errors: number
    /** Seconds that it ran. */
    readonly duration: number
    /** Answers by their HTTP status. */
    readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p99: number; readonly max: number }
  }

  /** A run that can be waited for, and ended before its time. */
  interface Run extends Promise<Result> {
    readonly stop: () => void
  }

  function autocannon<Context>(options: Options<Context>): Run
  export = autocannon
}
