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

export interface DoctorReport {
  readonly ok: boolean
  readonly program: { readonly store: string; readonly node: string; readonly platform: string }
  readonly configuration: ReadonlyArray<SettingReport>
  readonly database: Omit<DatabaseReport, "findings">
  /** Null where none is configured. */
  readonly redis: RedisFacts | null
  readonly findings: ReadonlyArray<Finding>
}
