import type { DoctorReport } from "../doctor/DoctorReport.ts"
import type { Finding } from "../doctor/Finding.ts"
import { bold, dim, green, red, yellow } from "./style.ts"
import { facts, table } from "./table.ts"

type Server = DoctorReport["database"]["servers"][number]

const serverFacts = (
  server: Server,
  kind: DoctorReport["database"]["kind"]
): ReadonlyArray<readonly [string, string]> => {
  const verdict = server.fit_for_money
    ? green("fit for money")
    : kind === "embedded"
      ? yellow("for trying out and for tests, not for money")
      : red("not fit for money")
  return [
    ["Postgres", server.version],
    ["fsync", server.fsync],
    ["full_page_writes", server.full_page_writes],
    ["synchronous_commit", server.synchronous_commit],
    ["verdict", verdict],
    ["survives", server.survives],
    ["may not survive", server.may_not_survive]
  ]
}

const databaseBlock = ({ database }: DoctorReport): string => {
  const { directory, kind, owner_pid, reachable, servers } = database
  const owner = owner_pid === null ? "nobody" : `process ${owner_pid}`
  const place: ReadonlyArray<readonly [string, string]> =
    directory === null
      ? [["kind", "a Postgres server"]]
      : [
          ["kind", "embedded"],
          ["directory", directory],
          ["owner", owner]
        ]
  const head = [...place, ["reachable", reachable ? "yes" : "no"] as const]
  return [facts(head), ...servers.map((server) => facts(serverFacts(server, kind)))].join("\n\n")
}

const migrationsBlock = ({ database }: DoctorReport): ReadonlyArray<string> =>
  database.migrations.length === 0
    ? []
    : [
        bold("Migrations"),
        table(
          [{ title: "schema" }, { title: "applied" }, { title: "pending" }, { title: "newer" }],
          database.migrations.map(({ applied, newer, pending, schema }) => [
            schema,
            applied.at(-1) ?? "-",
            pending.join(", ") || "-",
            newer.join(", ") || "-"
          ])
        )
      ]

const servedBy = ({ around, plugged, served_by }: DoctorReport["ports"][number]): string => {
  if (!plugged) return served_by
  const file = yellow(`plugged from ${served_by}`)
  return around === null ? file : `${file}, around ${around}`
}

const portsTable = ({ ports }: DoctorReport): string =>
  table(
    [{ title: "port" }, { title: "served by" }],
    ports.map((port) => [port.name, servedBy(port)])
  )

const findingLine = ({ level, message }: Finding): string =>
  `${level === "error" ? red("error") : yellow("warning")}  ${message}`

export const doctorView = (report: DoctorReport): string => {
  const { configuration, findings, ok, program, redis } = report
  const settings = table(
    [{ title: "setting" }, { title: "value" }, { title: "origin" }, { title: "variable" }],
    configuration.map(({ env, name, origin, value }) => [name, value, dim(origin), dim(env)])
  )
  const redisBlock =
    redis === null
      ? []
      : [
          bold("Redis"),
          facts([
            ["reachable", redis.reachable ? "yes" : "no"],
            ["version", redis.version ?? "-"],
            ["eviction", redis.eviction ?? "-"],
            ["persistence", redis.persistence ?? "-"],
            ["cluster", redis.cluster ?? "-"],
            ["nodes", `${redis.nodes.answered} of ${redis.nodes.asked} answer`]
          ])
        ]
  const versions = facts([
    ["store", program.store],
    ["Node", program.node],
    ["platform", program.platform]
  ])
  return [
    bold("Program"),
    versions,
    bold("Configuration"),
    settings,
    bold("Ports"),
    portsTable(report),
    bold("Database"),
    databaseBlock(report),
    ...migrationsBlock(report),
    ...redisBlock,
    bold("Verdict"),
    [...findings.map(findingLine), ok ? green("ready") : red("not ready")].join("\n")
  ].join("\n\n")
}
