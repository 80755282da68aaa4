import { homedir, userInfo } from "node:os"
import { join } from "node:path"

type Environment = Readonly<Record<string, string | undefined>>

/** The platform's folder for an application's data; empty where there is no home to hold it. */
export const platformDataDirectory = (
  platform: NodeJS.Platform,
  env: Environment,
  home: string
): string => {
  const inHome = (...folders: ReadonlyArray<string>) => (home === "" ? "" : join(home, ...folders))
  const within = (folder: string) => (folder === "" ? "" : join(folder, "doorbuster"))
  switch (platform) {
    case "darwin":
      return within(inHome("Library", "Application Support"))
    case "win32":
      return within(env["LOCALAPPDATA"] ?? inHome("AppData", "Local"))
    default: {
      const base = env["XDG_DATA_HOME"]
      // The XDG specification: a relative path is invalid and to be ignored.
      return within(base?.startsWith("/") ? base : inHome(".local", "share"))
    }
  }
}

/** An empty `HOME` counts as unset, and the system may know better. */
const home = (): string => {
  try {
    return homedir() || userInfo().homedir
  } catch {
    // A user without an entry has no home.
    return ""
  }
}

export const defaultDataDirectory = (): string =>
  platformDataDirectory(process.platform, process.env, home())
