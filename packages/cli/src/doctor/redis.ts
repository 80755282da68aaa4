import { inspectRedis, type NodeFacts } from "@doorbuster/adapters/redis/inspectRedis"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { type Finding, warning } from "./Finding.ts"

/** What the first node that answers says of itself; null for what it does not say. */
export interface RedisFacts {
  readonly reachable: boolean
  readonly version: string | null
  readonly eviction: string | null
  readonly persistence: string | null
  /** `ok` or `fail`; null for a Redis that is no cluster. */
  readonly cluster: string | null
  /** How many nodes were asked, and how many answered. */
  readonly nodes: { readonly asked: number; readonly answered: number }
}

const versionMin = [6, 2] as const

const isOld = (version: string | null): boolean => {
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number)
  return major < versionMin[0] || (major === versionMin[0] && minor < versionMin[1])
}

const down = (nodes: ReadonlyArray<string>, isAll: boolean): Finding =>
  isAll
    ? warning(
        "redis_down",
        "REDIS_URL is set, but no Redis answers there: start it, or unset REDIS_URL; " +
          "orders and money do not depend on it"
      )
    : warning("redis_node_down", `these nodes of the Redis cluster do not answer: ${nodes}`)

/** What may be lost, in the order of how much that hurts. */
const nodeFindings = ({ eviction, node, persistence, role, version }: NodeFacts) => {
  const findings: Array<Finding> = []
  if (eviction !== null && eviction !== "noeviction") {
    const what = eviction.startsWith("allkeys-")
      ? "any key, orders that wait in line included"
      : "keys that have an end: carts, counters of the gate, rate limits"
    const message =
      `the Redis at ${node} may drop ${what}, when it is full (maxmemory-policy ${eviction}): ` +
      "set maxmemory-policy noeviction"
    findings.push(warning("redis_evicts", message))
  }
  if (persistence === "none") {
    const message =
      `the Redis at ${node} keeps nothing on disk: its restart forgets carts, ended sessions and ` +
      "orders that wait in line; set appendonly yes"
    findings.push(warning("redis_forgets", message))
  }
  if (isOld(version)) {
    const message = `the Redis at ${node} is ${version ?? "of an unknown version"}: 6.2 is needed`
    findings.push(warning("redis_old", message))
  }
  if (role === "slave") {
    const message = `the Redis at ${node} is a replica and refuses writes: name its master`
    findings.push(warning("redis_replica", message))
  }
  return findings
}

/** Replicas of a cluster are named to be asked for the rest, so that one is one is no fault. */
const clusterFindings = (nodes: ReadonlyArray<NodeFacts>, isCluster: boolean) => {
  const findings: Array<Finding> = []
  const states = nodes.map(({ clusterState }) => clusterState)
  if (states.some((state) => state !== null && state !== "ok")) {
    const message = "the Redis cluster is not whole: keys of some slots are out of reach"
    findings.push(warning("redis_cluster_broken", message))
  }
  if (isCluster && states.includes(null)) {
    const message = "REDIS_URL names a cluster, but a node of it is not in one"
    findings.push(warning("redis_no_cluster", message))
  }
  if (!isCluster && states.some((state) => state !== null)) {
    const message =
      "the Redis is a node of a cluster: name several of them in REDIS_URL, with commas between " +
      "them, or add ?cluster=1"
    findings.push(warning("redis_is_cluster", message))
  }
  return findings
}

/** Nothing that must be right depends on Redis, so nothing about it is more than a warning. */
export const redisFacts = Effect.fnUntraced(function* (
  url: Redacted.Redacted<string>,
  isCluster: boolean
) {
  const asked = yield* inspectRedis(url)
  const answered = asked.flatMap(({ facts }) => (facts === undefined ? [] : [facts]))
  const silent = asked.flatMap(({ facts, node }) => (facts === undefined ? [node] : []))
  const [first] = answered
  const findings: Array<Finding> = []
  if (silent.length > 0) findings.push(down(silent, first === undefined))
  for (const facts of answered) {
    findings.push(...nodeFindings(isCluster ? { ...facts, role: null } : facts))
  }
  findings.push(...clusterFindings(answered, isCluster))
  const facts: RedisFacts = {
    reachable: first !== undefined,
    version: first?.version ?? null,
    eviction: first?.eviction ?? null,
    persistence: first?.persistence ?? null,
    cluster: first?.clusterState ?? null,
    nodes: { asked: asked.length, answered: answered.length }
  }
  return { facts, findings }
})
