/** What `store doctor` says about a Redis; none of it is more than a warning. */
import { parseAddress } from "@doorbuster/adapters/redis/RedisAddress"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { afterEach, expect, test } from "vitest"
import { startRedisCluster } from "../../../test/servers/redisCluster.ts"
import { startThrowawayRedis } from "../../../test/servers/throwawayRedis.ts"
import { redisFacts } from "../src/doctor/redis.ts"
import { runJson, runStore } from "./support/runStore.ts"

const running: Array<{ readonly stop: () => Promise<void> }> = []
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ stop }) => stop()))
})

const start = async (...options: ReadonlyArray<string>) => {
  const redis = await startThrowawayRedis(options)
  running.push(redis)
  return redis.url
}

const inspect = async (url: string) => {
  const isCluster = parseAddress(url)?.cluster === true
  const { facts, findings } = await Effect.runPromise(redisFacts(Redacted.make(url), isCluster))
  expect(findings.every(({ level }) => level === "warning")).toBe(true)
  return { facts, codes: findings.map(({ code }) => code), findings }
}

test("a Redis that keeps its data and drops none is fit", async () => {
  const { codes, facts } = await inspect(await start("--appendonly", "yes"))
  expect(codes).toEqual([])
  expect(facts).toMatchObject({
    reachable: true,
    eviction: "noeviction",
    persistence: "aof",
    cluster: null,
    nodes: { asked: 1, answered: 1 }
  })
})

test("a Redis that may drop keys, or keeps nothing on disk, is warned of", async () => {
  const dropping = await inspect(await start("--maxmemory-policy", "allkeys-lru", "--save", "60 1"))
  expect(dropping.codes).toEqual(["redis_evicts"])
  expect(dropping.findings[0]?.message).toContain("any key")
  expect(dropping.facts.persistence).toBe("rdb")
  const ending = await inspect(await start("--maxmemory-policy", "volatile-ttl"))
  expect(ending.codes).toEqual(["redis_evicts", "redis_forgets"])
  expect(ending.findings[0]?.message).not.toContain("any key")
})

test("a Redis with a password is asked with it, and shown without", async () => {
  const url = new URL(await start("--requirepass", "secret-of-redis", "--appendonly", "yes"))
  expect((await inspect(url.href)).codes).toEqual(["redis_down"])
  url.password = "secret-of-redis"
  const { codes, facts } = await inspect(url.href)
  expect([codes, facts.reachable]).toEqual([[], true])
})

test("a cluster is asked master by master, where it is named as one", async () => {
  const cluster = await startRedisCluster()
  running.push(cluster)
  const { hosts, one } = { hosts: cluster.url, one: cluster.url.split(",")[0] ?? "" }
  const whole = await inspect(`${one}?cluster=1`)
  expect(whole.facts).toMatchObject({ cluster: "ok", nodes: { asked: 3, answered: 3 } })
  expect(new Set(whole.codes)).toEqual(new Set(["redis_forgets"]))
  expect((await inspect(one)).codes).toContain("redis_is_cluster")
  await cluster.killMasterOf("any")
  const broken = await inspect(hosts)
  expect(broken.codes).toContain("redis_node_down")
})

test("a lone Redis is no cluster, and a replica takes no writes", async () => {
  const lone = await start("--appendonly", "yes")
  expect((await inspect(`${lone}?cluster=1`)).codes).toEqual(["redis_no_cluster"])
  const master = new URL(lone)
  const replica = await start("--appendonly", "yes", "--replicaof", `127.0.0.1 ${master.port}`)
  expect((await inspect(replica)).codes).toEqual(["redis_replica"])
})

test("the command shows what it was told, without what opens it", async () => {
  const url = (await start("--requirepass", "secret-of-redis")).replace("//", "//:secret-of-redis@")
  const { code, stderr, stdout } = await runStore(["doctor"], { env: { REDIS_URL: url } })
  expect(code).toBe(0)
  expect(stdout).toContain("redis://<redacted>@127.0.0.1")
  expect(stdout).toMatch(/persistence +none/)
  expect(stdout).toContain("keeps nothing on disk")
  expect(stderr + stdout).not.toContain("secret-of-redis")
})

test("an address that is none is refused", async () => {
  const { code, json } = await runJson(["doctor"], { env: { REDIS_URL: "http://cache" } })
  expect(code).toBe(2)
  expect(json.error.message).toContain("redis://")
})
