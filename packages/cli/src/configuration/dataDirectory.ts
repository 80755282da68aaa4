import { homedir } from "node:os"
import { join } from "node:path"

type Environment = Readonly<Record<string, string | undefined>>

/** The platform's folder for an application's data. */
export const platformDataDirectory = (
  platform: NodeJS.Platform,
  env: Environment,
  home: string
): string => {
  switch (platform) {
    case "darwin":
      return join(home, "Library", "Application Support", "doorbuster")
    case "win32":
      return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "doorbuster")
    default: {
      const base = env["XDG_DATA_HOME"]
      // The XDG specification: a relative path is invalid and to be ignored.
      const folder = base?.startsWith("/") ? base : join(home, ".local", "share")
      return join(folder, "doorbuster")
    }
  }
}

export const defaultDataDirectory = (): string =>
  platformDataDirectory(process.platform, process.env, homedir())
