/** What a Redis says about itself, asked node by node over connections of their own. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Redis } from "ioredis"
import { nodeOptions } from "./connections.ts"
import { parseAddress, type RedisAddress } from "./RedisAddress.ts"

export interface NodeFacts {
  /** `host:port`. */
  readonly node: string
  /** Null for each that the node does not tell. */
  readonly version: string | null
  readonly eviction: string | null
  readonly persistence: "none" | "rdb" | "aof" | "rdb and aof" | null
  readonly role: string | null
  /** `ok` or `fail`; null for a node that is in no cluster. */
  readonly clusterState: string | null
}

type Place = RedisAddress["nodes"][number]

const patienceMs = 2_000

const nameOf = ({ host, port }: Place): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`

const fieldOf = (info: string, name: string): string | null =>
  new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? null

/** Null where the node keeps its configuration to itself, as hosted ones do. */
const persistenceOf = (info: string, save: unknown): NodeFacts["persistence"] => {
  const aof = fieldOf(info, "aof_enabled") === "1"
  const schedule = Array.isArray(save) ? save[1] : undefined
  if (typeof schedule !== "string") return aof ? "aof" : null
  if (schedule === "") return aof ? "aof" : "none"
  return aof ? "rdb and aof" : "rdb"
}

/** The masters, as this node knows them; none in what is no cluster. */
const mastersOf = (nodes: string): ReadonlyArray<Place> =>
  nodes.split("\n").flatMap((line) => {
    const [, address = "", flags = ""] = line.split(" ")
    const { host, port } = /^(?<host>.+):(?<port>\d+)@/.exec(address)?.groups ?? {}
    const isMaster = flags.split(",").includes("master")
    return isMaster && host !== undefined ? [{ host, port: Number(port) }] : []
  })

const ask = async (address: RedisAddress, place: Place) => {
  const client = new Redis({ ...nodeOptions(address, place, patienceMs), lazyConnect: true })
  client.on("error", () => undefined)
  try {
    await client.connect()
    const info = await client.info()
    const orNothing = <A>(asked: Promise<A>) => asked.catch(() => undefined)
    const inCluster = fieldOf(info, "cluster_enabled") === "1"
    const [save, state, nodes] = await Promise.all([
      orNothing(client.config("GET", "save")),
      inCluster ? orNothing(client.cluster("INFO")) : undefined,
      inCluster ? orNothing(client.cluster("NODES")) : undefined
    ])
    const facts: NodeFacts = {
      node: nameOf(place),
      version: fieldOf(info, "redis_version"),
      eviction: fieldOf(info, "maxmemory_policy"),
      persistence: persistenceOf(info, save),
      role: fieldOf(info, "role"),
      clusterState: inCluster ? fieldOf(String(state), "cluster_state") : null
    }
    return { facts, masters: mastersOf(String(nodes ?? "")) }
  } finally {
    client.disconnect()
  }
}

const inspect = (address: RedisAddress, place: Place) =>
  Effect.promise(() => ask(address, place).catch(() => undefined))

/**
 * The nodes that the address names, and in a cluster all of its masters. `facts` is undefined for
 * one that does not answer.
 */
export const inspectRedis = Effect.fnUntraced(function* (url: Redacted.Redacted<string>) {
  const address = parseAddress(Redacted.value(url))
  if (address === undefined) return []
  const places = new Map(address.nodes.map((place) => [nameOf(place), place]))
  const asked = new Map<string, NodeFacts | undefined>()
  for (const [name, place] of places) {
    const answer = yield* inspect(address, place)
    asked.set(name, answer?.facts)
    // A map is gone through with what is added to it on the way.
    if (address.cluster) for (const one of answer?.masters ?? []) places.set(nameOf(one), one)
  }
  return [...asked].map(([node, facts]) => ({ node, facts }))
})
