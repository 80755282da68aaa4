/**
 * What a configuration file imports: `store.config.ts`, or whatever `--config` names.
 *
 *     export default defineConfig({ settings: { port: 8080 }, ports: { paymentProvider: layer } })
 */
import type { SettingsInput } from "./configuration/settings.ts"
import type { Plugs } from "./plugins/pluggable.ts"

/** All that a configuration file may say. */
export interface Config {
  /** The keys of `store.config.json`; flags and variables win over them. */
  readonly settings?: SettingsInput
  /**
   * Ports of the store and the layers that serve them instead of the store's own.
   *
   * - A layer replaces the port; the store's own one is not even built.
   * - A function gets the store's own layer, to wrap it.
   *
   * Either may ask for any other port. They are built in the order written here: one that asks for
   * another plugged port stands below it. What fails to build stops the command with exit code 6.
   */
  readonly ports?: Plugs
}

/** Returns what it is given; it is there for its types. */
export const defineConfig = (config: Config): Config => config
