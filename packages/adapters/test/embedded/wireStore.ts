/** A store of its own for a file of wire tests, with ways to reach it. */
import { afterAll, beforeAll } from "@effect/vitest"
import pg from "pg"
import { type OpenStore, openStore, temporaryDirectory } from "./openStore.ts"

const directory = temporaryDirectory()
export let store: OpenStore
export let pool: pg.Pool

beforeAll(async () => {
  store = await openStore(directory.path)
  pool = new pg.Pool({ ...store.config, max: 8 })
}, 60_000)

afterAll(async () => {
  await pool.end()
  await store.stop()
  directory.remove()
})

export const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => "no error",
    (error: { readonly code?: string }) => error.code
  )

export const client = async (options: pg.ClientConfig = {}) => {
  const opened = new pg.Client({ ...store.config, ...options })
  opened.on("error", () => {})
  await opened.connect()
  return opened
}
