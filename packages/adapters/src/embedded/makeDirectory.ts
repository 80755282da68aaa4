import { existsSync, mkdirSync } from "node:fs"
import { dirname } from "node:path"

/**
 * Makes a directory and those above it, level by level: where a level refuses (in `/proc`, say),
 * it fails, while Node's own recursive form tries again without end.
 */
export const makeDirectory = (directory: string, mode = 0o777): void => {
  if (existsSync(directory)) return
  const parent = dirname(directory)
  if (parent !== directory) makeDirectory(parent, mode)
  try {
    mkdirSync(directory, { mode })
  } catch (error) {
    // Somebody else was faster.
    if ((error as { readonly code?: unknown }).code !== "EEXIST") throw error
  }
}
