import type {
  CrashFailure,
  CrashReport,
  CrashTotals,
  GroundReport,
  Hit,
  ScenarioReport,
  Unreached
} from "@doorbuster/loadgen/crash/CrashReport"
import { formatCount } from "./money.ts"
import { bold, dim, green, red } from "./style.ts"
import { table } from "./table.ts"
import { formatDuration } from "./time.ts"

/** Failures and missing calls shown per ground; one bug tends to break many cases in one way. */
const shownMax = 10

const columns = [
  { title: "scenario" },
  { title: "effects", align: "right" },
  { title: "boundaries", align: "right" },
  { title: "singles", align: "right" },
  { title: "pairs", align: "right" },
  { title: "" }
] as const

const verdict = (missed: number, failed: number): string => {
  if (failed > 0) return red(`${formatCount(failed)} broken`)
  return missed > 0 ? red(`${formatCount(missed)} missed`) : green("holds")
}

const figures = ({ boundaries, effects, pairs, singles }: Omit<CrashTotals, "elapsedMs">) =>
  [effects, boundaries, singles, pairs].map(formatCount)

const ofScenario = (scenario: ScenarioReport) => ({
  ...scenario,
  missed: scenario.unreached.length,
  failed: scenario.failures.length
})

const groundTable = (report: GroundReport): string =>
  table(columns, [
    ...report.scenarios.map((scenario) => {
      const totals = ofScenario(scenario)
      return [scenario.name, ...figures(totals), verdict(totals.missed, totals.failed)]
    }),
    ...(report.scenarios.length < 2
      ? []
      : [
          [
            bold(`${formatCount(report.scenarios.length)} scenarios`),
            ...figures(report),
            verdict(report.missed, report.failed)
          ]
        ])
  ])

const hitText = ({ call, mode, place, process }: Hit): string =>
  `the ${process} process, ${mode} call ${place} (${call ?? "which it never made"})`

const failureBlock = ({ broken, hits, replay, scenario }: CrashFailure): string => {
  const where = hits.length === 0 ? "nothing crashed" : hits.map(hitText).join(", then ")
  const rows = broken.map(({ invariant, key, left, right }) => [invariant, key, left, right])
  const titles = ["invariant", "key", "one side", "other side"].map((title) => ({ title }))
  return [`${red(scenario)}: ${where}`, table(titles, rows), dim(replay)].join("\n")
}

const unreachedLine = ({ name, why }: Unreached): string => `${name} was not played: ${why}`

/** The first of them, and how many more there are. */
const some = <A>(items: ReadonlyArray<A>, show: (item: A) => string): ReadonlyArray<string> => {
  const more = items.length - shownMax
  const rest = more > 0 ? [dim(`... and ${formatCount(more)} more; --json lists all`)] : []
  return [...items.slice(0, shownMax).map(show), ...rest]
}

/** How much of what there is was played, as sentences that say what was not. */
const summary = (report: GroundReport): string => {
  const { boundaries, elapsedMs, ground, irregular, missed, pairs, singles } = report
  const pairsText = pairs === 0 ? "" : ` and ${formatCount(pairs)} pairs`
  const missedText = missed === 0 ? "" : red(`, ${formatCount(missed)} never reached`)
  const irregularText =
    irregular === 0
      ? ""
      : `\n${formatCount(irregular)} further calls come in some undisturbed runs only: not tried`
  const single = singles === 1 ? "single crash" : "single crashes"
  return (
    `${ground}: ${formatCount(singles)} ${single}${pairsText} ` +
    `at ${formatCount(boundaries)} boundaries in ${formatDuration(elapsedMs)}${missedText}` +
    irregularText
  )
}

const groundBlock = (report: GroundReport): string => {
  const failures = report.scenarios.flatMap((scenario) => scenario.failures)
  const unreached = report.scenarios.flatMap((scenario) => scenario.unreached)
  return [
    groundTable(report),
    ...some(failures, failureBlock),
    ...(unreached.length === 0 ? [] : [some(unreached, unreachedLine).join("\n")]),
    summary(report)
  ].join("\n\n")
}

/** Each ground's scenarios, what was broken with the command that plays it again, the verdict. */
export const crashMatrixView = (report: CrashReport): string => {
  const plays = formatCount(report.plays)
  const kept = report.missed === 0 ? green : red
  const text = report.ok
    ? kept(`every promise was kept in ${plays} plays`)
    : red(`${formatCount(report.failed)} of ${plays} plays broke a promise`)
  return [...report.grounds.map(groundBlock), bold(text)].join("\n\n")
}
