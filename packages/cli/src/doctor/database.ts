import { resolve } from "node:path"
import { readLock } from "@doorbuster/adapters/embedded/DirectoryLock"
import {
  CatalogDatabase,
  InventoryDatabase,
  MoneyDatabase,
  OrdersDatabase
} from "@doorbuster/adapters/postgres/Database"
import type { MigrationStatus } from "@doorbuster/adapters/postgres/Migrator"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Configuration } from "../configuration/Configuration.ts"
import { directoryFlaw } from "../configuration/directoryFlaw.ts"
import { databases, hasDatabase, isEmbedded } from "../databases.ts"
import { statuses } from "../migrations.ts"
import { isRefusal, plainDetail } from "../storageDetail.ts"
import {
  type DatabaseFacts,
  type Durability,
  embeddedDurability,
  factsOf,
  serverDurability
} from "./durability.ts"
import { error, type Finding, warning } from "./Finding.ts"

export interface DatabaseReport {
  readonly kind: "embedded" | "server"
  /** Of the embedded database. */
  readonly directory: string | null
  /** Process that owns the embedded directory; null when nobody does. */
  readonly owner_pid: number | null
  readonly reachable: boolean
  /** Servers, one for each address; several where schemas have their own. */
  readonly servers: ReadonlyArray<DatabaseFacts & Omit<Durability, "findings">>
  readonly migrations: ReadonlyArray<MigrationStatus>
  readonly findings: ReadonlyArray<Finding>
}

const migrationFindings = ({ changed, newer, pending, schema }: MigrationStatus) => {
  const findings: Array<Finding> = []
  const about = (names: ReadonlyArray<string>) => `schema "${schema}", ${names.join(", ")}`
  if (newer.length > 0) {
    const message = `${about(newer)}: applied by a newer program; install that one`
    findings.push(error("database_newer", message))
  }
  if (changed.length > 0) {
    const message = `${about(changed)}: edited after it had been applied; restore the file`
    findings.push(error("migration_changed", message))
  }
  if (pending.length > 0) {
    const message = `${about(pending)}: not applied yet; run \`store serve\` or \`store seed\``
    findings.push(warning("migrations_pending", message))
  }
  return findings
}

/** Schemas of one server share one pool, and are asked once. */
const distinctDatabases = Effect.gen(function* () {
  return new Set([
    yield* InventoryDatabase,
    yield* OrdersDatabase,
    yield* MoneyDatabase,
    yield* CatalogDatabase
  ])
})

const inspect = (kind: DatabaseReport["kind"]) =>
  Effect.gen(function* () {
    const findings: Array<Finding> = []
    const servers: Array<DatabaseReport["servers"][number]> = []
    for (const database of yield* distinctDatabases) {
      const facts = yield* factsOf(database)
      const { findings: found, ...durability } =
        kind === "embedded" ? embeddedDurability : serverDurability(facts)
      findings.push(...found)
      servers.push({ ...facts, ...durability })
    }
    const migrations = yield* statuses
    findings.push(...migrations.flatMap(migrationFindings))
    return { reachable: true, servers, migrations, findings }
  })

const unreachable = (finding: Finding) => ({
  reachable: false,
  servers: [],
  migrations: [],
  findings: [finding]
})

const ownerOf = (directory: string) =>
  Effect.map(readLock(directory), (record) => Option.getOrNull(Option.map(record, (r) => r.pid)))

const storageFinding = (detail: string): Finding => {
  if (isRefusal(detail)) {
    const message = `the database answered, but refused (${detail}): see the rights of its role`
    return error("storage_refused", message)
  }
  const message = `the database does not answer (${detail}): see that it runs, and its address`
  return error("storage_unavailable", message)
}

/** Looks without making anything: an empty directory stays empty. */
export const inspectDatabase = Effect.fnUntraced(function* (configuration: Configuration) {
  const isLocal = isEmbedded(configuration)
  const directory = isLocal ? resolve(configuration.values.dataDir) : null
  const kind = isLocal ? "embedded" : "server"
  const owner_pid = directory === null ? null : yield* ownerOf(directory)
  const where = { kind, directory, owner_pid } as const
  const flaw = directory === null ? undefined : directoryFlaw(directory)
  if (flaw !== undefined) {
    const message = `the data directory ${directory} ${flaw}: choose another one, or mend it`
    return { ...where, ...unreachable(error("data_directory_unusable", message)) }
  }
  if (directory !== null && !hasDatabase(directory)) {
    const message = `nothing is stored in ${directory} yet: run \`store seed\` or \`store serve\``
    return { ...where, ...unreachable(warning("no_store_here", message)) }
  }
  const found = yield* inspect(kind).pipe(
    Effect.provide(databases(configuration, "existing")),
    Effect.catchTag("StorageError", ({ detail }) => {
      return Effect.succeed(unreachable(storageFinding(plainDetail(detail))))
    })
  )
  return { ...where, ...found } satisfies DatabaseReport
})
