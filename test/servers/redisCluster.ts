import { setTimeout as sleep } from "node:timers/promises"
import { freePort, type Running, stop } from "./child.ts"
import { redisCli, startRedisAt } from "./redis.ts"
import { removeFolder, serverFolder } from "./throwawayRedis.ts"

export interface RedisCluster extends Running {
  /** `kill -9` of the master that has this key; a replica takes its place within some seconds. */
  readonly killMasterOf: (key: string) => Promise<void>
}

const masters = 3
const replicas = 3

const startNode = async () => {
  const folder = serverFolder()
  const [port, bus] = [await freePort(), await freePort()]
  const options = { enabled: "yes", port: bus, "node-timeout": 1000, "require-full-coverage": "no" }
  const settings = Object.entries(options).flatMap(([key, of]) => [`--cluster-${key}`, `${of}`])
  const quick = ["--repl-diskless-sync-delay", "0"]
  return { folder, port, child: await startRedisAt(folder, port, [...settings, ...quick]) }
}
type Node = Awaited<ReturnType<typeof startNode>>

const ask = (port: number, ...question: ReadonlyArray<string>) =>
  redisCli("-p", `${port}`, ...question)

/** Every node knows the whole cluster, and every replica has its master's data. */
const isWhole = async ({ port }: Node): Promise<boolean> => {
  const info = await ask(port, "CLUSTER", "INFO")
  const replication = await ask(port, "INFO", "replication")
  const known = info.includes(`cluster_known_nodes:${masters + replicas}`)
  const linked = !replication.includes("role:slave") || replication.includes("link_status:up")
  return info.includes("cluster_state:ok") && known && linked
}

const untilWhole = async (nodes: ReadonlyArray<Node>): Promise<void> => {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const whole = await Promise.all(nodes.map(isWhole))
    if (whole.every((is) => is)) return
    await sleep(100)
  }
  throw new Error("the cluster did not come together")
}

/** The port of the master that has the slot of this key, as any living node knows it. */
const masterOf = async (port: number, key: string): Promise<number | undefined> => {
  const slot = Number(await ask(port, "CLUSTER", "KEYSLOT", key))
  for (const line of (await ask(port, "CLUSTER", "NODES")).split("\n")) {
    const [, address, flags, , , , , , ...ranges] = line.trim().split(" ")
    const has = ranges.some((range) => {
      const [from, to = from] = range.split("-").map(Number)
      return from !== undefined && to !== undefined && from <= slot && slot <= to
    })
    if (has && !flags?.includes("fail")) return Number(/:(\d+)@/.exec(address ?? "")?.[1])
  }
  return undefined
}

/** Three masters with a replica each. */
export const startRedisCluster = async (): Promise<RedisCluster> => {
  const nodes = await Promise.all(Array.from({ length: masters + replicas }, startNode))
  const places = nodes.map(({ port }) => `127.0.0.1:${port}`)
  const create = ["--cluster", "create", ...places, "--cluster-replicas", "1", "--cluster-yes"]
  await redisCli(...create)
  await untilWhole(nodes)
  return {
    url: `redis://${places.slice(0, masters).join(",")}`,
    killMasterOf: async (key) => {
      const alive = nodes.find(({ child }) => child.exitCode === null && child.signalCode === null)
      const port = alive === undefined ? undefined : await masterOf(alive.port, key)
      const master = nodes.find((node) => node.port === port)
      if (master === undefined) throw new Error(`no node has ${key}`)
      await stop(master.child, "SIGKILL")
    },
    stop: async () => {
      await Promise.all(nodes.map(({ child }) => stop(child, "SIGKILL")))
      for (const { folder } of nodes) removeFolder(folder)
    }
  }
}
