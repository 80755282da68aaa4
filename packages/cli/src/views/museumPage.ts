import type { Exhibit, MuseumReport } from "@doorbuster/loadgen/museum/MuseumReport"
import { storyOf } from "@doorbuster/loadgen/museum/Mutant"
import { mutantDiff } from "@doorbuster/loadgen/museum/mutantDiff"
import { formatCount } from "./money.ts"

/** The place of a heading, as those who show Markdown make it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-")

const intro = (report: MuseumReport): string => {
  const { exhibits, runs, seed, unchanged } = report
  const found = exhibits.filter(({ finding }) => finding !== null).length
  const broken = unchanged.findings.length
  return [
    "A test that has never failed proves little. Here are bugs that shops, plug-ins and saga",
    "libraries have really had, each as a small change of this store's own source at the place",
    "that decides that very thing. Each was given to the simulator, which ran seeds until a rule",
    "broke. The product carries no trace of them: the changes exist only while `store museum` " +
      "runs.",
    "",
    `**${found} of ${exhibits.length}** were found, with at most ${formatCount(runs)} seeds each,`,
    `from seed ${seed} on. Over the same ${formatCount(unchanged.runs)} seeds the unchanged store`,
    broken === 0 ? "broke no rule." : `broke a rule on ${formatCount(broken)}.`,
    "",
    "This page is what `store museum --markdown` prints. `store museum NAME` shows one of them."
  ].join("\n")
}

const overview = (exhibits: ReadonlyArray<Exhibit>): string =>
  [
    "| mutant | caught by | seeds needed |",
    "|---|---|---:|",
    ...exhibits.map(({ finding, mutant }) => {
      const by = finding === null ? "not found" : `\`${finding.violation.invariant}\``
      const runs = finding === null ? "" : formatCount(finding.runs)
      return `| [${mutant.title}](#${anchorOf(mutant.title)}) | ${by} | ${runs} |`
    })
  ].join("\n")

const verdict = ({ finding }: Exhibit, runs: number): string => {
  if (finding === null) return `**Not found** on ${formatCount(runs)} seeds.`
  const { invariant, subject } = finding.violation
  const needed = finding.runs === 1 ? "the first seed" : `${formatCount(finding.runs)} seeds`
  return `**Caught by** \`${invariant}\` on seed ${finding.seed}, after ${needed} (${subject}).`
}

const exhibitSection = (exhibit: Exhibit, runs: number): string => {
  const { mutant } = exhibit
  const { name, seenAs, source, title } = mutant
  return [
    `## ${title}`,
    "",
    `\`${name}\`: ${storyOf(mutant)} Source: [${source.name}](${source.url}).`,
    "",
    "```diff",
    mutantDiff(mutant),
    "```",
    "",
    `Breaks *${mutant.breaks}*. ${seenAs}`,
    "",
    verdict(exhibit, runs)
  ].join("\n")
}

/** The museum as a page for `docs`. */
export const museumPage = (report: MuseumReport): string =>
  [
    "# The museum",
    intro(report),
    overview(report.exhibits),
    ...report.exhibits.map((exhibit) => exhibitSection(exhibit, report.runs))
  ].join("\n\n")
