import type { Exhibit, Finding, MuseumReport } from "@doorbuster/loadgen/museum/MuseumReport"
import { allFound, isUnchangedSound } from "@doorbuster/loadgen/museum/MuseumReport"
import { type Mutant, storyOf } from "@doorbuster/loadgen/museum/Mutant"
import { mutantDiff } from "@doorbuster/loadgen/museum/mutantDiff"
import { formatCount } from "./money.ts"
import { bold, dim, green, red } from "./style.ts"
import { facts, table } from "./table.ts"

/** The `--json` document of the whole museum. */
export const museumJson = ({ exhibits, runs, seed, unchanged }: MuseumReport) => ({
  seed,
  runs,
  mutants: exhibits.map(({ finding, mutant }) => ({
    name: mutant.name,
    found: finding !== null,
    runs_to_find: finding?.runs ?? null,
    caught_by: finding?.violation.invariant ?? null,
    seed: finding?.seed ?? null,
    detail: finding === null ? null : told(finding)
  })),
  unchanged: {
    runs: unchanged.runs,
    violations: unchanged.findings.length,
    findings: unchanged.findings.map((finding) => ({
      seed: finding.seed,
      broken: finding.violation.invariant,
      detail: told(finding)
    }))
  }
})

export const galleryJson = (mutants: ReadonlyArray<Mutant>) => ({
  mutants: mutants.map((mutant) => ({
    name: mutant.name,
    title: mutant.title,
    story: storyOf(mutant),
    source: mutant.source,
    breaks: mutant.breaks,
    seen_as: mutant.seenAs
  }))
})

export const galleryView = (mutants: ReadonlyArray<Mutant>): string => {
  const rows = mutants.map(({ name, source, title }) => [name, title, source.name])
  const columns = [{ title: "mutant" }, { title: "what is wrong" }, { title: "source" }]
  return [table(columns, rows), bold(`${mutants.length} mutants`)].join("\n\n")
}

const told = ({ violation }: Finding): string => `${violation.subject}: ${violation.detail}`

const row = ({ finding, mutant }: Exhibit): ReadonlyArray<string> =>
  finding === null
    ? [mutant.name, red("not found"), "", "", ""]
    : [
        mutant.name,
        green("found"),
        formatCount(finding.runs),
        String(finding.seed),
        finding.violation.invariant
      ]

const unchangedLine = ({ unchanged }: MuseumReport): string => {
  const runs = `${formatCount(unchanged.runs)} ${unchanged.runs === 1 ? "seed" : "seeds"}`
  const broken = unchanged.findings.length
  return broken === 0
    ? green(`The unchanged store breaks no rule on the same ${runs}.`)
    : red(`The unchanged store breaks a rule on ${formatCount(broken)} of the same ${runs}.`)
}

const unchangedBlock = (report: MuseumReport): ReadonlyArray<string> =>
  isUnchangedSound(report)
    ? []
    : [
        table(
          [{ title: "seed", align: "right" }, { title: "broken" }, { title: "by" }],
          report.unchanged.findings.map((finding) => [
            String(finding.seed),
            finding.violation.invariant,
            told(finding)
          ])
        )
      ]

export const museumView = (report: MuseumReport): string => {
  const { exhibits, runs, seed } = report
  const columns = [
    { title: "mutant" },
    { title: "" },
    { title: "seeds", align: "right" as const },
    { title: "seed", align: "right" as const },
    { title: "caught by" }
  ]
  const found = exhibits.filter(({ finding }) => finding !== null).length
  const count = `${found} of ${exhibits.length} mutants found`
  const limit = dim(`(at most ${formatCount(runs)} seeds each, from seed ${seed} on)`)
  return [
    table(columns, exhibits.map(row)),
    ...unchangedBlock(report),
    `${bold(allFound(report) ? green(count) : red(count))} ${limit}\n${unchangedLine(report)}`
  ].join("\n\n")
}

const colored = (line: string): string =>
  line.startsWith("+") ? green(line) : line.startsWith("-") ? red(line) : line

const verdict = ({ finding }: Exhibit, runs: number): ReadonlyArray<[string, string]> =>
  finding === null
    ? [["found", red(`no, not on ${formatCount(runs)} seeds`)]]
    : [
        ["caught by", green(finding.violation.invariant)],
        ["which says", told(finding)],
        ["seed", String(finding.seed)],
        ["seeds needed", formatCount(finding.runs)]
      ]

const exhibitBlock = (exhibit: Exhibit, runs: number): string => {
  const { mutant } = exhibit
  const { source, story } = mutant
  return [
    bold(mutant.title),
    [story.happened, story.because, story.cost].join("\n"),
    mutantDiff(mutant).split("\n").map(colored).join("\n"),
    facts([
      ["source", `${source.name}, ${source.url}`],
      ["breaks", mutant.breaks],
      ["seen", mutant.seenAs],
      ...verdict(exhibit, runs)
    ])
  ].join("\n\n")
}

/** One mutant, told in full. */
export const exhibitView = (report: MuseumReport): string =>
  [
    ...report.exhibits.map((exhibit) => exhibitBlock(exhibit, report.runs)),
    ...unchangedBlock(report),
    unchangedLine(report)
  ].join("\n\n")
