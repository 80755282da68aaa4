import { randomUUID } from "node:crypto"
import pg from "pg"

export interface TestDatabase {
  readonly url: string
  readonly drop: () => Promise<void>
}

/** What several databases of a run begin with, prepared once and then copied. */
export interface Template {
  readonly name: string
  readonly prepare: (url: string) => Promise<void>
}

const adminUrl = () => {
  const url = process.env["DATABASE_URL_TEST"]
  if (url === undefined) throw new Error("DATABASE_URL_TEST is unset: run this through vitest")
  return url
}

const prefix = () => `doorbuster_test_${process.env["TEST_RUN"] ?? "alone"}_`

const urlOf = (database: string) => {
  const url = new URL(adminUrl())
  url.pathname = `/${database}`
  return url.href
}

const withClient = async <A>(url: string, use: (client: pg.Client) => Promise<A>): Promise<A> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

const exists = async (client: pg.Client, database: string) => {
  const found = await client.query("select from pg_database where datname = $1", [database])
  return found.rowCount === 1
}

/**
 * Test files run side by side and several want the same template: the first one to get the lock
 * prepares it under another name and renames it, so that a half-prepared one is never copied.
 */
const templateDatabase = async ({ name, prepare }: Template) => {
  const database = `${prefix()}template_${name}`
  await withClient(adminUrl(), async (client) => {
    await client.query("select pg_advisory_lock(hashtextextended($1, 0))", [database])
    if (await exists(client, database)) return
    const draft = `${database}_draft`
    await client.query(`drop database if exists "${draft}" with (force)`)
    await client.query(`create database "${draft}"`)
    await prepare(urlOf(draft))
    await client.query(`alter database "${draft}" rename to "${database}"`)
  })
  return database
}

const drop = (database: string) =>
  withClient(adminUrl(), async (client) => {
    await client.query(`drop database if exists "${database}" with (force)`)
  })

/** A fresh database of its own for a test file; with a template, a copy of that. */
export const createDatabase = async (template?: Template): Promise<TestDatabase> => {
  const source = template === undefined ? "template1" : await templateDatabase(template)
  const database = `${prefix()}${randomUUID().slice(0, 8)}`
  await withClient(adminUrl(), async (client) => {
    // Postgres refuses to copy one template twice at the same time.
    await client.query("select pg_advisory_lock(hashtextextended($1, 0))", [source])
    await client.query(`create database "${database}" template "${source}"`)
  })
  return { url: urlOf(database), drop: () => drop(database) }
}

/** Drops whatever this run has left behind. */
export const dropDatabases = (): Promise<void> =>
  withClient(adminUrl(), async (client) => {
    const left = await client.query<{ datname: string }>(
      "select datname from pg_database where starts_with(datname, $1)",
      [prefix()]
    )
    for (const { datname } of left.rows) {
      await client.query(`drop database if exists "${datname}" with (force)`)
    }
  })
