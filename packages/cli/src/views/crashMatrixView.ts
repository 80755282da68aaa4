import type {
  CrashFailure,
  CrashReport,
  GroundReport,
  Hit
} from "@doorbuster/loadgen/crash/CrashReport"
import { formatCount } from "./money.ts"
import { bold, dim, green, red } from "./style.ts"
import { table } from "./table.ts"
import { formatDuration } from "./time.ts"

/** Failures shown per ground; one bug tends to break many cases in the same way. */
const shownMax = 10

const columns = [
  { title: "scenario" },
  { title: "effects", align: "right" },
  { title: "boundaries", align: "right" },
  { title: "single crashes", align: "right" },
  { title: "pairs", align: "right" },
  { title: "" }
] as const

const groundTable = ({ scenarios }: GroundReport): string =>
  table(
    columns,
    scenarios.map(({ boundaries, effects, failures, name, pairs, singles }) => [
      name,
      formatCount(effects),
      formatCount(boundaries),
      formatCount(singles),
      formatCount(pairs),
      failures.length === 0 ? green("holds") : red(`${formatCount(failures.length)} broken`)
    ])
  )

const hitText = ({ call, mode, number, process }: Hit): string =>
  `the ${process} process, ${mode} call ${number} (${call ?? "which it never made"})`

const failureBlock = ({ broken, hits, replay, scenario }: CrashFailure): string => {
  const where = hits.length === 0 ? "nothing crashed" : hits.map(hitText).join(", then ")
  const rows = broken.map(({ invariant, key, left, right }) => [invariant, key, left, right])
  const titles = ["invariant", "key", "one side", "other side"].map((title) => ({ title }))
  return [`${red(scenario)}: ${where}`, table(titles, rows), dim(replay)].join("\n")
}

const groundBlock = (report: GroundReport): string => {
  const { elapsedMs, failed, ground, missed, pairs, singles } = report
  const failures = report.scenarios.flatMap((scenario) => scenario.failures)
  const more = failures.length - shownMax
  const plays = `${formatCount(singles)} single crashes and ${formatCount(pairs)} pairs`
  const unmet =
    missed === 0 ? "" : `; in ${formatCount(missed)} of them a process never came to that call`
  const rest = more > 0 ? [dim(`... and ${formatCount(more)} more; --json lists all`)] : []
  const verdict = failed === 0 ? "" : red(`, ${formatCount(failed)} broken`)
  return [
    groundTable(report),
    ...failures.slice(0, shownMax).map(failureBlock),
    ...rest,
    `${ground}: ${plays} in ${formatDuration(elapsedMs)}${unmet}${verdict}`
  ].join("\n\n")
}

/** Each ground's scenarios, what was broken with the command that plays it again, the verdict. */
export const crashMatrixView = (report: CrashReport): string => {
  const plays = formatCount(report.plays)
  const verdict = report.ok
    ? green(`every promise was kept in ${plays} plays`)
    : red(`${formatCount(report.failed)} of ${plays} plays broke a promise`)
  return [...report.grounds.map(groundBlock), bold(verdict)].join("\n\n")
}
