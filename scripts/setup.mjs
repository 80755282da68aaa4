// Makes a fresh clone ready to run. Node's built-ins only, and any Node from 18 on: it runs before
// anything is installed. `--servers` also makes sure that the tests can have Postgres and Redis.
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { findPostgres, findRedis } from "./findServers.mjs"
import { canInstall, installServers } from "./installServers.mjs"

const NODE_MAJOR_MIN = 24
const root = fileURLToPath(new URL("..", import.meta.url))
const modules = join(root, "node_modules")

const say = (line) => process.stderr.write(`setup: ${line}\n`)
const stop = (line) => {
  say(line)
  process.exit(1)
}

const lock = (path) => JSON.parse(readFileSync(path, "utf8")).packages

/**
 * Whether what is installed is what the lock file asks for. Versions are compared, not dates: a
 * checkout gives files any date. Packages for other platforms are never installed.
 */
const installed = () => {
  const record = join(modules, ".package-lock.json")
  if (!existsSync(record)) return false
  const have = lock(record)
  return Object.entries(lock(join(root, "package-lock.json")))
    .filter(([path, wanted]) => path.includes("node_modules/") && !wanted.optional)
    .every(([path, wanted]) => wanted.link || have[path]?.version === wanted.version)
}

/** npm must not run on the Node that it is about to replace. */
const pathOutside = () =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .join(delimiter)

const install = () => {
  say("installing the locked packages (npm ci)")
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    env: { ...process.env, PATH: pathOutside() },
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32"
  })
  if (status !== 0) stop("npm ci failed; its message stands above.")
}

/** The package `node` brings its binary by an install script, which npm may be told not to run. */
const checkNode = () => {
  const binary = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node")
  const advice =
    "Allow the install script of the package `node` (npm install-scripts approve node), drop " +
    `--ignore-scripts, and run npm ci again; or put a Node ${NODE_MAJOR_MIN} or newer on PATH.`
  if (existsSync(binary)) {
    const version = execFileSync(binary, ["--version"], { encoding: "utf8" }).trim()
    if (Number.parseInt(version.slice(1), 10) >= NODE_MAJOR_MIN) return
    stop(`node_modules/node holds ${version}. ${advice}`)
  }
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN) return
  stop(`node_modules/node has no binary, and this is Node ${process.version}. ${advice}`)
}

const servers = [
  {
    name: "Postgres",
    url: "DATABASE_URL",
    find: findPostgres,
    package: "postgresql",
    brew: "postgresql@17"
  },
  { name: "Redis", url: "REDIS_URL", find: findRedis, package: "redis-server", brew: "redis" }
]

const isMissing = (server) => !process.env[server.url] && server.find() === undefined

const checkServers = () => {
  const missing = servers.filter(isMissing)
  if (missing.length === 0) return
  if (canInstall()) {
    say(`installing ${missing.map((server) => server.package).join(" and ")} with apt-get`)
    try {
      installServers(missing.map((server) => server.package))
    } catch (error) {
      say(error.message)
    }
  }
  for (const server of servers.filter(isMissing)) {
    say(`the tests need ${server.name}. Install it (Debian: apt-get install ${server.package};`)
    say(`macOS: brew install ${server.brew}), or set ${server.url} to one you run.`)
  }
  if (servers.some(isMissing)) process.exit(1)
}

if (!installed()) install()
checkNode()
if (process.argv.includes("--servers")) checkServers()
