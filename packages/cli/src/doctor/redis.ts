import { connect as connectPlain } from "node:net"
import { connect as connectTls } from "node:tls"
import * as Effect from "effect/Effect"
import { type Finding, warning } from "./Finding.ts"

export interface RedisFacts {
  readonly reachable: boolean
  readonly version: string | null
  readonly eviction: string | null
}

const patienceMs = 2_000
const defaultPort = 6379

/** One command as Redis takes it. */
const command = (...words: ReadonlyArray<string>): string =>
  `*${words.length}\r\n${words.map((w) => `$${Buffer.byteLength(w)}\r\n${w}\r\n`).join("")}`

const login = ({ password, username }: URL): string =>
  password === ""
    ? ""
    : command("AUTH", ...[username, password].filter((w) => w !== "").map(decodeURIComponent))

/** The text of `INFO`: asked once, over a connection of its own. */
const askInfo = (url: URL): Effect.Effect<string, Error> =>
  Effect.callback((resume) => {
    const address = { host: url.hostname, port: Number(url.port || defaultPort) }
    const socket = url.protocol === "rediss:" ? connectTls(address) : connectPlain(address)
    let answer = ""
    socket.setTimeout(patienceMs, () => socket.destroy(new Error("no answer")))
    socket.on("error", (cause) => resume(Effect.fail(cause)))
    socket.on("close", () => resume(Effect.succeed(answer)))
    socket.on("data", (chunk) => {
      answer += chunk.toString("utf8")
    })
    socket.write(`${login(url)}${command("INFO")}${command("QUIT")}`)
    return Effect.sync(() => socket.destroy())
  })

const fieldOf = (info: string, name: string): string | null =>
  new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? null

/** Nothing depends on Redis, so nothing about it is more than a warning. */
export const redisFacts = Effect.fnUntraced(function* (url: URL) {
  const info = yield* Effect.match(askInfo(url), { onFailure: () => "", onSuccess: (text) => text })
  const version = fieldOf(info, "redis_version")
  const eviction = fieldOf(info, "maxmemory_policy")
  const findings: Array<Finding> = []
  if (version === null) {
    const message =
      "REDIS_URL is set, but no Redis answers there: start it, or unset REDIS_URL; " +
      "orders and money do not depend on it"
    findings.push(warning("redis_down", message))
  } else if (eviction !== null && eviction !== "noeviction") {
    const message =
      `Redis evicts keys when it is full (maxmemory-policy ${eviction}): carts and tickets can ` +
      "vanish; set maxmemory-policy noeviction"
    findings.push(warning("redis_evicts", message))
  }
  const facts: RedisFacts = { reachable: version !== null, version, eviction }
  return { facts, findings }
})
