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
    readonly setupRequest: (draft: RequestDraft, context: Context) => RequestDraft
    readonly onResponse: (status: number, body: string, context: Context) => void
  }

  interface Options<Context> {
    readonly url: string
    readonly connections: number
    /** Requests in all, over all connections. */
    readonly amount: number
    /** Seconds. */
    readonly timeout: number
    readonly requests: ReadonlyArray<RequestPlan<Context>>
  }

  interface Result {
    /** Connections that failed, timeouts included. */
    readonly errors: number
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p99: number; readonly max: number }
  }

  function autocannon<Context>(options: Options<Context>): Promise<Result>
  export = autocannon
}
