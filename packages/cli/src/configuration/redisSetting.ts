import { parseAddress, type RedisAddress } from "@doorbuster/adapters/redis/RedisAddress"
import * as Redacted from "effect/Redacted"
import type { Setting } from "./Setting.ts"

/** Keeps what helps to recognise a place, and none of what opens it. */
const withoutSecrets = ({ cluster, db, nodes, password, tls, username }: RedisAddress): string => {
  const login = username === undefined && password === undefined ? "" : "<redacted>@"
  const places = nodes.map(({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`)
  const query = cluster && nodes.length === 1 ? "?cluster=1" : ""
  return `${tls ? "rediss" : "redis"}://${login}${places.join(",")}/${db}${query}`
}

/** Several hosts make no URL that the platform could read. */
export const redisUrl = {
  file: "redis_url",
  env: "REDIS_URL",
  description: "Redis for what may be lost; several hosts, with commas between them: a cluster.",
  fallback: undefined,
  read: (raw: unknown) =>
    typeof raw === "string" && parseAddress(raw) !== undefined
      ? { _tag: "Read", value: Redacted.make(raw) }
      : {
          _tag: "Refused",
          expected: "a URL that begins with redis:// or rediss://, commas between several hosts"
        },
  show: (value) => {
    const address = value === undefined ? undefined : parseAddress(Redacted.value(value))
    return address === undefined ? "-" : withoutSecrets(address)
  }
} as const satisfies Setting<Redacted.Redacted<string> | undefined>
