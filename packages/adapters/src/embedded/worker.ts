/** Thread that holds PGlite; started by `EmbeddedPostgres`. Its statements block only itself. */
import { isMainThread, parentPort, workerData } from "node:worker_threads"
import { PGlite } from "@electric-sql/pglite"
import { joined } from "./FrameReader.ts"
import { housekeeping } from "./housekeeping.ts"
import { WireFront } from "./WireFront.ts"
import { stop, type WorkerInput, type WorkerReport } from "./workerMessages.ts"

const housekeepingEveryMs = 5_000

/** Half of PGlite's default: reads that miss are served by the system's page cache anyway. */
const sharedBuffers = "64MB"

const announced = [
  "server_version",
  "server_encoding",
  "client_encoding",
  "DateStyle",
  "IntervalStyle",
  "TimeZone",
  "integer_datetimes",
  "standard_conforming_strings"
]

const report = (message: WorkerReport) => parentPort?.postMessage(message)
const detailOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

const open = (dataDir: string) =>
  PGlite.create({
    dataDir,
    startParams: [...PGlite.defaultStartParams, "-c", `shared_buffers=${sharedBuffers}`]
  })

const serve = async (input: WorkerInput): Promise<void> => {
  const db = await open(input.pgdata)
  const settings = await db.query<{ name: string; setting: string }>(
    "select name, setting from pg_settings where name = any($1)",
    [announced]
  )
  const run = async (messages: Buffer): Promise<Buffer> => {
    const parts: Array<Buffer> = []
    await db.execProtocolRawStream(messages, {
      // Files of the system need no copying out; PGlite's own file systems would.
      syncToFs: false,
      // A view of Postgres' memory that the next statement overwrites, hence the copy.
      onRawData: (bytes) => void parts.push(Buffer.from(bytes))
    })
    return joined(parts)
  }
  const front = new WireFront({
    run,
    parameters: new Map(settings.rows.map((row) => [row.name, row.setting])),
    idleInTransactionMsMax: input.idleInTransactionMsMax,
    onBroken: (cause) => {
      throw cause
    }
  })
  await front.listen(input.socket)
  const chores = setInterval(
    () =>
      front.whenFree(() =>
        housekeeping(db).catch((cause) => report({ kind: "chore_failed", detail: detailOf(cause) }))
      ),
    housekeepingEveryMs
  )
  parentPort?.on("message", async (message) => {
    if (message !== stop) return
    clearInterval(chores)
    await front.close()
    await db.close()
    process.exit(0)
  })
  report({ kind: "listening" })
}

const main = async (input: WorkerInput): Promise<void> => {
  try {
    if (input.task === "serve") return await serve(input)
    await (await open(input.pgdata)).close()
    report({ kind: "created" })
  } catch (cause) {
    report({ kind: "failed", detail: detailOf(cause) })
    process.exitCode = 1
    parentPort?.close()
  }
}

if (!isMainThread) await main(workerData as WorkerInput)
