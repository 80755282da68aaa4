import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config"

interface Project {
  readonly name: string
  readonly include: string
  /** Whether the project's tests want a Postgres and a Redis. */
  readonly servers: boolean
}

const projects: ReadonlyArray<Project> = [
  { name: "core", include: "packages/core/test/**/*.test.ts", servers: false },
  { name: "adapters", include: "packages/adapters/test/**/*.test.ts", servers: true },
  { name: "loadgen", include: "packages/loadgen/test/**/*.test.ts", servers: true },
  { name: "cli", include: "packages/cli/test/**/*.test.ts", servers: true },
  { name: "examples", include: "examples/**/*.test.ts", servers: false },
  { name: "workspace", include: "test/**/*.test.ts", servers: true }
]

const project = ({ include, name, servers }: Project): TestProjectInlineConfiguration => ({
  extends: true,
  test: {
    name,
    include: [include],
    ...(servers && { globalSetup: "test/servers/globalSetup.ts" })
  }
})

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A test that passes because nothing was found, or that is left focused, is no test.
    passWithNoTests: false,
    allowOnly: false,
    projects: projects.map(project)
  }
})
