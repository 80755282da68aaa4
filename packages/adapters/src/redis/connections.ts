/** Opens connections of the driver so that they fail fast, reconnect, and never throw. */
import { Cluster, Redis } from "ioredis"
import type { RedisAddress } from "./RedisAddress.ts"

export type RedisDriver = Redis | Cluster

const retryMsMax = 500

const ignore = () => undefined

interface Patience {
  /** A connection that stays silent so long while a command is out is given up, milliseconds. */
  readonly silenceMsMax: number
}

/**
 * A command that was sent is never sent again by the driver: whoever sent it has learned of the
 * failure and decides. Without a connection a command fails at once instead of waiting for one.
 */
const common = (address: RedisAddress, { silenceMsMax }: Patience) => ({
  autoResendUnfulfilledCommands: false,
  connectTimeout: silenceMsMax,
  connectionName: "doorbuster",
  enableAutoPipelining: false,
  maxRetriesPerRequest: 0,
  password: address.password,
  socketTimeout: silenceMsMax,
  tls: address.tls ? {} : undefined,
  username: address.username
})

const retryAfterMs = (times: number): number => Math.min(25 * 2 ** Math.min(times, 6), retryMsMax)

const openCluster = (address: RedisAddress, patience: Patience): Cluster =>
  new Cluster([...address.nodes], {
    clusterRetryStrategy: retryAfterMs,
    enableOfflineQueue: false,
    maxRedirections: 4,
    redisOptions: common(address, patience),
    retryDelayOnClusterDown: 0,
    // Nothing is sent twice, see above; the new master is found by the next refresh.
    retryDelayOnFailover: 0,
    slotsRefreshInterval: 1_000,
    slotsRefreshTimeout: patience.silenceMsMax
  })

/** For a connection to one node that is given up when it is lost. */
export const nodeOptions = (
  address: RedisAddress,
  { host, port }: RedisAddress["nodes"][number],
  silenceMsMax: number
) => ({ ...common(address, { silenceMsMax }), host, port, retryStrategy: null })

const openNode = (address: RedisAddress, patience: Patience): Redis => {
  const [node] = address.nodes
  if (node === undefined) throw new Error("an address of Redis has a node")
  return new Redis({
    ...common(address, patience),
    ...node,
    db: address.db,
    enableOfflineQueue: false,
    retryStrategy: retryAfterMs
  })
}

/** Connects in the background, and again whenever the connection is lost. */
export const openDriver = (address: RedisAddress, patience: Patience): RedisDriver => {
  const driver = address.cluster ? openCluster(address, patience) : openNode(address, patience)
  // Whoever sends a command learns of an outage. Without a listener the event would be thrown.
  driver.on("error", ignore)
  return driver
}

/**
 * One connection to one node for listening. It does not come back by itself: where it was may be
 * the wrong place to look.
 */
export const openListener = (address: RedisAddress, driver: RedisDriver): Redis => {
  const known = driver instanceof Cluster ? driver.nodes("all").map(({ options }) => options) : []
  const nodes = [...known, ...(known.length === 0 ? address.nodes : [])]
  const node = nodes[Math.floor(Math.random() * nodes.length)]
  const place = { host: node?.host ?? "127.0.0.1", port: node?.port ?? 6379 }
  const listener = new Redis({ ...nodeOptions(address, place, 2_000), autoResubscribe: false })
  listener.on("error", ignore)
  return listener
}
