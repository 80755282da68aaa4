import type { DatabaseReport } from "./database.ts"
import type { Finding } from "./Finding.ts"
import type { RedisFacts } from "./redis.ts"

/** One setting as it holds; secrets are shown as <redacted>. */
export interface SettingReport {
  readonly name: string
  readonly value: string
  readonly origin: string
  readonly env: string
  readonly description: string
}

/** Who serves a port of the core. */
export interface PortReport {
  readonly name: string
  /** A technology of the store's own, or the file that plugs a layer of the user's. */
  readonly served_by: string
  readonly plugged: boolean
  /** Of a plugged layer: the store's own technology that it wraps; null where it wraps none. */
  readonly around: string | null
}

export interface DoctorReport {
  readonly ok: boolean
  readonly program: { readonly store: string; readonly node: string; readonly platform: string }
  readonly configuration: ReadonlyArray<SettingReport>
  readonly ports: ReadonlyArray<PortReport>
  readonly database: Omit<DatabaseReport, "findings">
  /** Null where none is configured. */
  readonly redis: RedisFacts | null
  readonly findings: ReadonlyArray<Finding>
}
