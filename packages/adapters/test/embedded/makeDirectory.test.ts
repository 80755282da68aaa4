import { existsSync } from "node:fs"
import { join } from "node:path"
import { assert, test } from "vitest"
import { makeDirectory } from "../../src/embedded/makeDirectory.ts"
import { temporaryDirectory } from "./openStore.ts"

test("makes a directory with those above it, and leaves one that is there", () => {
  const { path, remove } = temporaryDirectory()
  const deep = join(path, "a", "b", "c")
  makeDirectory(deep)
  makeDirectory(deep)
  assert.isTrue(existsSync(deep))
  remove()
})

test("fails where nothing can be made, and does not try for ever", () => {
  assert.throws(() => makeDirectory("/proc/nowhere/store"))
})
