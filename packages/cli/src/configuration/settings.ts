import { defaultDataDirectory } from "./dataDirectory.ts"
import { redisUrl } from "./redisSetting.ts"
import { choice, integer, type Setting, secret, text, toggle, url } from "./Setting.ts"

const postgres = ["postgres:", "postgresql:"]

/** A database of its own for one schema. */
const schemaUrl = <const S extends string>(schema: S) =>
  url(
    {
      file: `${schema}_database_url`,
      env: `${schema.toUpperCase()}_DATABASE_URL`,
      description: `Postgres for the schema ${schema}, where it is not database_url.`
    },
    postgres
  )

/** Every setting there is. */
export const settings = {
  dataDir: text(
    {
      file: "data_dir",
      env: "STORE_DATA_DIR",
      flag: "data-dir",
      description: "Directory of the embedded database and of generated keys."
    },
    defaultDataDirectory()
  ),
  databaseUrl: url(
    {
      file: "database_url",
      env: "DATABASE_URL",
      flag: "database-url",
      description: "Postgres for all schemas; without it the embedded one is used."
    },
    postgres
  ),
  inventoryDatabaseUrl: schemaUrl("inventory"),
  ordersDatabaseUrl: schemaUrl("orders"),
  moneyDatabaseUrl: schemaUrl("money"),
  catalogDatabaseUrl: schemaUrl("catalog"),
  redisUrl,
  poolSize: integer(
    {
      file: "pool_size",
      env: "STORE_POOL_SIZE",
      description: "Connections to each Postgres, at most."
    },
    { fallback: 8, minimum: 1, maximum: 1000 }
  ),
  host: text(
    {
      file: "host",
      env: "STORE_HOST",
      flag: "host",
      description: "Address that `store serve` listens on."
    },
    "127.0.0.1"
  ),
  port: integer(
    {
      file: "port",
      env: "STORE_PORT",
      flag: "port",
      description: "TCP port that `store serve` listens on; 0 takes a free one."
    },
    { fallback: 3000, minimum: 0, maximum: 65_535 }
  ),
  workers: integer(
    {
      file: "workers",
      env: "STORE_WORKERS",
      flag: "workers",
      description: "Processes of `store serve` that share its port."
    },
    { fallback: 1, minimum: 1, maximum: 64 }
  ),
  role: choice(
    {
      file: "role",
      env: "STORE_ROLE",
      flag: "role",
      description: "What `store serve` does: web takes requests, worker does what is left to do."
    },
    ["all", "web", "worker"],
    "all"
  ),
  orderQueue: toggle({
    file: "order_queue",
    env: "STORE_ORDER_QUEUE",
    flag: "order-queue",
    description: "Orders wait in line, and are placed at the drain rate."
  }),
  drainRate: integer(
    {
      file: "drain_rate",
      env: "STORE_DRAIN_RATE",
      flag: "drain-rate",
      description: "Orders a second that leave the line, over all workers."
    },
    { fallback: 1000, minimum: 1, maximum: 100_000 }
  ),
  stockAutopilot: choice(
    {
      file: "stock_autopilot",
      env: "STORE_STOCK_AUTOPILOT",
      description: "Whether hot SKUs are found, and sold by a strategy for crowds."
    },
    ["on", "off"],
    "on"
  ),
  idempotencyRetention: integer(
    {
      file: "idempotency_retention",
      env: "STORE_IDEMPOTENCY_RETENTION",
      description: "Hours that a request can be repeated under its key, and gets its answer."
    },
    { fallback: 168, minimum: 24, maximum: 876_000 }
  ),
  staffToken: secret({
    file: "staff_token",
    env: "STORE_STAFF_TOKEN",
    description: "Bearer token of the staff; generated once where it is unset."
  }),
  webhookSecret: secret({
    file: "webhook_secret",
    env: "STORE_WEBHOOK_SECRET",
    description: "Signs the payment provider's messages; generated once where it is unset."
  }),
  sessionKey: secret({
    file: "session_key",
    env: "STORE_SESSION_KEY",
    description: "Signs the tokens of guests; generated once where it is unset."
  }),
  providerSeed: text(
    {
      file: "provider_seed",
      env: "STORE_PROVIDER_SEED",
      flag: "provider-seed",
      description: "Seed of the sandbox payment provider: the same one behaves the same."
    },
    "approve"
  ),
  providerMix: text(
    {
      file: "provider_mix",
      env: "STORE_PROVIDER_MIX",
      flag: "provider-mix",
      description: "How the sandbox provider behaves, such as approve=9,decline=1 (weights)."
    },
    "approve=1"
  )
}

export type Settings = typeof settings
export type SettingName = keyof Settings
export type Values = {
  readonly [K in SettingName]: Settings[K] extends Setting<infer A> ? A : never
}
/** The settings as a configuration file in TypeScript writes them. */
export type SettingsInput = {
  readonly [N in SettingName as Settings[N]["file"]]?: Values[N] extends number | boolean
    ? Values[N]
    : string
}
export const settingNames = Object.keys(settings) as ReadonlyArray<SettingName>
