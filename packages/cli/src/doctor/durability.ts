import type { Database } from "@doorbuster/adapters/postgres/Database"
import { text } from "@doorbuster/adapters/postgres/rows"
import * as Effect from "effect/Effect"
import { error, type Finding, warning } from "./Finding.ts"

/** What a Postgres says of itself, as it holds for our own sessions. */
export interface DatabaseFacts {
  readonly version: string
  readonly fsync: string
  readonly full_page_writes: string
  readonly synchronous_commit: string
}

const statement = {
  name: "cli.doctor.facts",
  text: `select current_setting('server_version') as version,
    current_setting('fsync') as fsync,
    current_setting('full_page_writes') as full_page_writes,
    current_setting('synchronous_commit') as synchronous_commit`
}

export const factsOf = Effect.fnUntraced(function* (database: Database) {
  const [row = {}] = yield* database.query("doctor", statement)
  const facts: DatabaseFacts = {
    version: text(row, "version"),
    fsync: text(row, "fsync"),
    full_page_writes: text(row, "full_page_writes"),
    synchronous_commit: text(row, "synchronous_commit")
  }
  return facts
})

/** Whether what it acknowledged is still there tomorrow. */
export interface Durability {
  readonly fit_for_money: boolean
  readonly survives: string
  readonly may_not_survive: string
  readonly findings: ReadonlyArray<Finding>
}

/** The embedded database always runs without fsync: good for trying out and for tests. */
export const embeddedDurability: Durability = {
  fit_for_money: false,
  survives: "any end of the process, kill -9 included",
  may_not_survive: "a power cut or a crash of the operating system",
  findings: []
}

/** A server that may forget what it acknowledged is refused; nobody would notice until then. */
export const serverDurability = (facts: DatabaseFacts): Durability => {
  const findings: Array<Finding> = []
  if (facts.fsync === "off") {
    const message =
      "fsync is off: a power cut can lose or destroy what was acknowledged; set fsync = on in " +
      "postgresql.conf before money is kept here"
    findings.push(error("fsync_off", message))
  }
  if (facts.synchronous_commit === "off") {
    const message =
      "synchronous_commit is off: a crash of the server loses payments that were acknowledged; " +
      "set synchronous_commit = on for the server, this database and this role"
    findings.push(error("synchronous_commit_off", message))
  }
  if (facts.full_page_writes === "off") {
    const message =
      "full_page_writes is off: safe only on a file system that never tears a page (such as ZFS)"
    findings.push(warning("full_page_writes_off", message))
  }
  const isFit = findings.every(({ level }) => level !== "error")
  return {
    fit_for_money: isFit,
    survives: isFit ? "a crash of the process, of the server, and a power cut" : "a restart",
    may_not_survive: isFit ? "the loss of its disk, unless a standby has it" : "a power cut",
    findings
  }
}
