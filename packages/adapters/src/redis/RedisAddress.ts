/** Where a Redis is: `redis://[user:password@]host[:port][,host…][/db][?cluster=1]`. */
export interface RedisAddress {
  readonly nodes: ReadonlyArray<{ readonly host: string; readonly port: number }>
  readonly tls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  readonly db: number
  /** Several nodes, or `?cluster=1`: then the nodes are where the cluster is asked for the rest. */
  readonly cluster: boolean
}

const parts = [
  "(?<scheme>rediss?)://",
  "(?:(?<login>[^@/?]*)@)?",
  "(?<nodes>[^/?]+)",
  "(?:/(?<db>\\d*))?",
  "(?:\\?(?<rest>.*))?"
]
const shape = new RegExp(`^${parts.join("")}$`)
const nodeShape = /^(?:\[(?<six>[0-9a-fA-F:]+)\]|(?<host>[^:[\]]+))(?::(?<port>\d{1,5}))?$/
const defaultPort = 6379

const nodeOf = (text: string) => {
  const { host, port, six } = nodeShape.exec(text)?.groups ?? {}
  const name = six ?? host
  return name === undefined ? undefined : { host: name, port: Number(port ?? defaultPort) }
}

const part = (text: string | undefined): string | undefined =>
  text === undefined || text === "" ? undefined : decodeURIComponent(text)

/** Undefined for what is no address of a Redis. */
export const parseAddress = (url: string): RedisAddress | undefined => {
  const { db, login, nodes: list, rest, scheme } = shape.exec(url)?.groups ?? {}
  if (scheme === undefined || list === undefined) return undefined
  const nodes = list.split(",").map(nodeOf)
  if (!nodes.every((node) => node !== undefined)) return undefined
  const [username, ...password] = login?.split(":") ?? []
  return {
    nodes,
    tls: scheme === "rediss",
    username: part(username),
    password: part(password.join(":")),
    db: Number(db ?? 0),
    cluster: nodes.length > 1 || new URLSearchParams(rest).get("cluster") === "1"
  }
}
