import { once } from "node:events"
import { readFileSync, statSync } from "node:fs"
import { createServer } from "node:http"
import { type AddressInfo, createServer as createTcpServer } from "node:net"
import { join } from "node:path"
import { afterEach, describe, expect, test } from "vitest"
import { embeddedPlace, type Place, places } from "./support/places.ts"
import { outcomeOf, runJson, runStore, startStore } from "./support/runStore.ts"
import { type Serving, startServing } from "./support/serving.ts"

let clean: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const step of clean.toReversed()) await step()
  clean = []
})

const opened = async (makePlace: () => Promise<Place>) => {
  const place = await makePlace()
  clean.push(place.remove)
  return place
}

const served = async (place: Place): Promise<Serving> => {
  const serving = await startServing(place)
  clean.push(() => serving.stop())
  return serving
}

const staffToken = (place: Place): string => {
  const path = join(place.flags["data-dir"] ?? "", "keys.json")
  return JSON.parse(readFileSync(path, "utf8")).staff_token
}

const askAsStaff = async (url: string, token: string) => {
  const headers = { authorization: `Bearer ${token}` }
  return (await fetch(`${url}/ops/stock`, { headers })).status
}

describe.each(places)("store serve on %s", (_, makePlace) => {
  test("migrates, says where it listens, and ends with 0 on SIGTERM", async () => {
    const place = await opened(makePlace)
    const serving = await startServing(place)
    expect(serving.ready).toMatchObject({ host: "127.0.0.1", pid: expect.any(Number) })
    expect(serving.ready.url).toBe(`http://127.0.0.1:${serving.ready.port}`)
    expect((await fetch(`${serving.ready.url}/readyz`)).status).toBe(200)
    const { json } = await runJson(["stock", "show", ...place.args])
    expect(json).toEqual({ stock: [] })

    const { code, stderr, stdout } = await serving.stop()
    expect(code).toBe(0)
    expect(stdout.trim().split("\n")).toHaveLength(1)
    expect(stderr).toContain(`listening on ${serving.ready.url}`)
    expect(stderr).toContain("stopping")
    await expect(fetch(`${serving.ready.url}/healthz`)).rejects.toThrow()
  })
})

test("generated keys are for their owner only, and outlive a restart", async () => {
  const place = await opened(embeddedPlace)
  const first = await startServing(place)
  const token = staffToken(place)
  expect(statSync(join(place.flags["data-dir"] ?? "", "keys.json")).mode & 0o777).toBe(0o600)
  expect(await askAsStaff(first.ready.url, token)).toBe(200)
  expect(await askAsStaff(first.ready.url, "somebody-else")).toBe(401)
  await first.stop("SIGINT")
  const second = await served(place)
  expect(staffToken(place)).toBe(token)
  expect(await askAsStaff(second.ready.url, token)).toBe(200)
})

test("a second store on one embedded directory is refused and told who has it", async () => {
  const place = await opened(embeddedPlace)
  const { ready } = await served(place)
  const second = await runJson(["serve", "--port", "0", ...place.args])
  expect(second.code).toBe(1)
  expect(second.json.error).toMatchObject({ code: "directory_in_use", pid: ready.pid })
  expect(second.json.error.message).toContain("--data-dir")
  const { json: report } = await runJson(["doctor", ...place.args])
  expect(report.database).toMatchObject({ owner_pid: ready.pid, reachable: true })
})

test("a port that is taken is an error that says what to do", async () => {
  const place = await opened(embeddedPlace)
  const other = createServer().listen(0, "127.0.0.1")
  await once(other, "listening")
  clean.push(async () => other.close())
  const { port } = other.address() as AddressInfo
  const { code, stderr } = await runStore(["serve", "--port", String(port), ...place.args])
  expect(code).toBe(1)
  expect(stderr).toContain(`error: cannot listen on 127.0.0.1:${port}`)
  expect(stderr).toContain("--port")
})

test("a command that waits for a database ends with 130 on SIGINT", async () => {
  const silent = createTcpServer().listen(0, "127.0.0.1")
  await once(silent, "listening")
  clean.push(async () => silent.close())
  const { port } = silent.address() as AddressInfo
  const url = `postgres://127.0.0.1:${port}/store`
  const child = startStore(["check", "--json", "--database-url", url])
  const outcome = outcomeOf(child)
  const [socket] = await once(silent, "connection")
  child.kill("SIGINT")
  clean.push(async () => socket.destroy())
  const { code, stdout } = await outcome
  expect(code).toBe(130)
  expect(JSON.parse(stdout).error).toMatchObject({ code: "stopped", signal: "SIGINT" })
})
