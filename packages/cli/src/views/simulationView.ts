import type { CoverageFigure } from "@doorbuster/loadgen/simulation/coverageFigures"
import type { SimulationReport } from "@doorbuster/loadgen/simulation/SimulationReport"
import type { Shrunk } from "@doorbuster/loadgen/simulation/shrink"
import type { SeedOutcome } from "@doorbuster/loadgen/simulation/simulateSeed"
import { formatCount } from "./money.ts"
import { bold, dim, green, red } from "./style.ts"
import { facts, table } from "./table.ts"

/** The command that plays exactly this again. */
const replayOf = ({ narrowing, seed }: Pick<SeedOutcome, "narrowing" | "seed">): string => {
  const { checkouts, faults } = narrowing
  const buyers = checkouts === undefined ? [] : [`--checkouts ${checkouts}`]
  const kinds = faults === undefined ? [] : [`--faults ${faults.join(",") || "none"}`]
  return [`store simulate --seed ${seed} --runs 1`, ...buyers, ...kinds].join(" ")
}

const shrunkJson = (shrunk: Shrunk) => ({
  faults: shrunk.narrowing.faults,
  checkouts: shrunk.narrowing.checkouts,
  tries: shrunk.tries,
  violations: shrunk.outcome.violations,
  last_events: shrunk.outcome.lastEvents,
  replay: replayOf(shrunk.outcome)
})

export const simulationJson = (
  report: SimulationReport,
  failures: ReadonlyArray<SeedOutcome>,
  shrunk: Shrunk | null
) => ({
  ...report,
  violations: failures.length,
  failures: failures.map(({ lastEvents, narrowing, seed, violations }) => ({
    seed,
    violations,
    last_events: lastEvents,
    replay: replayOf({ narrowing, seed }),
    ...(shrunk?.outcome.seed === seed ? { shrunk: shrunkJson(shrunk) } : {})
  }))
})

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

const percent = ({ covered, of, percent: share }: CoverageFigure): string =>
  `${share} %  (${covered} of ${of})`

const missing = (name: string, { missing: names }: CoverageFigure): ReadonlyArray<string> =>
  names.length === 0 ? [] : [dim(`${name} not met: ${names.slice(0, 12).join(", ")}`)]

const summary = (report: SimulationReport): string =>
  facts([
    ["seed", `${report.seed}`],
    ["runs", `${counted(report.runs, "run")} on ${counted(report.jobs, "thread")}`],
    ["simulated", counted(Math.round(report.simulated_hours), "hour")],
    ["speed-up", `${formatCount(report.speedup)} times real time`],
    [
      "checkouts",
      `${formatCount(report.checkouts)}, ${formatCount(report.checkouts_per_second)} a second`
    ],
    ["events", formatCount(report.events)],
    ["faults", formatCount(report.faults_total)],
    [
      "each run",
      `at least ${report.least.checkouts} checkouts, ${report.least.faults} faults, ` +
        `${report.least.simulated_minutes} simulated minutes`
    ],
    ["state × event", percent(report.coverage.state_event)],
    ["error tags", percent(report.coverage.error_tag)],
    ["step × fault", percent(report.coverage.step_fault)],
    ["trace hash", report.trace_hash]
  ])

const faultTable = ({ faults }: SimulationReport): string => {
  const cells = Object.entries(faults).map(([kind, count]) => [kind, formatCount(count)])
  const half = Math.ceil(cells.length / 2)
  const rows = cells.slice(0, half).map((left, at) => [...left, ...(cells[at + half] ?? [])])
  const columns = [
    { title: "fault" },
    { title: "times", align: "right" as const },
    { title: "fault" },
    { title: "times", align: "right" as const }
  ]
  return table(columns, rows)
}

const shownEvents = 15

const story = (failed: SeedOutcome, shrunk: Shrunk | null): string => {
  const broken = failed.violations
    .slice(0, 3)
    .map(({ detail, invariant, subject }) => `${red(invariant)}  ${subject}\n  ${detail}`)
  const events = (shrunk?.outcome ?? failed).lastEvents.slice(-shownEvents)
  const smaller =
    shrunk === null
      ? []
      : [
          `smallest part found, in ${counted(shrunk.tries, "try", "tries")}:`,
          `  ${replayOf(shrunk.outcome)}`,
          ...shrunk.outcome.violations.slice(0, 1).map(({ detail }) => `  ${detail}`)
        ]
  return [
    bold(red(`seed ${failed.seed} breaks a promise`)),
    ...broken,
    dim(["last events:", ...events.map((event) => `  ${event}`)].join("\n")),
    ...smaller,
    `again: ${replayOf(failed)}`
  ].join("\n")
}

/** Figures, faults, coverage; then each failure with what it needs to be understood. */
export const simulationView = (
  report: SimulationReport,
  failures: ReadonlyArray<SeedOutcome>,
  shrunk: Shrunk | null
): string => {
  const { error_tag, state_event, step_fault } = report.coverage
  const gaps = [
    ...missing("state × event", state_event),
    ...missing("error tags", error_tag),
    ...missing("step × fault", step_fault)
  ]
  const verdict =
    failures.length === 0
      ? green(`all promises held in ${counted(report.runs, "run")}`)
      : red(`${failures.length} of ${counted(report.runs, "run")} broke a promise`)
  const stories = failures.map((failed) =>
    story(failed, shrunk?.outcome.seed === failed.seed ? shrunk : null)
  )
  return [
    summary(report),
    faultTable(report),
    ...(gaps.length === 0 ? [] : [gaps.join("\n")]),
    ...stories,
    bold(verdict)
  ].join("\n\n")
}
