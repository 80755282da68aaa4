import type { WorkerMetrics } from "./messages.ts"

interface Family {
  readonly comments: Map<string, string>
  readonly samples: Array<string>
}

const comment = /^# (HELP|TYPE) (\S+)/
const sample = /^([^\s{]+)(\{.*\})?(\s.*)$/

/** The samples of histograms and summaries stand under the family's name. */
const familyOf = (name: string, families: ReadonlyMap<string, Family>): string => {
  const base = name.replace(/_(?:bucket|sum|count)$/, "")
  return families.has(name) ? name : families.has(base) ? base : name
}

const labelled = (line: string, worker: number): readonly [name: string, line: string] => {
  const [, name = line, labels, value = ""] = sample.exec(line) ?? []
  const inner = labels === undefined || labels === "{}" ? "" : `${labels.slice(1, -1)},`
  return [name, `${name}{${inner}worker="${worker}"}${value}`]
}

/**
 * The metrics of several workers in one text, in Prometheus' format: every series says by the
 * label `worker` whose it is, so a counter that begins anew with a new process is seen as such.
 */
export const mergeMetrics = (parts: ReadonlyArray<WorkerMetrics>): string => {
  const families = new Map<string, Family>()
  const family = (name: string): Family => {
    const known = families.get(name) ?? { comments: new Map(), samples: [] }
    families.set(name, known)
    return known
  }
  for (const { text, worker } of parts) {
    for (const line of text.split("\n")) {
      if (line.trim() === "") continue
      const [, kind, named] = comment.exec(line) ?? []
      if (kind !== undefined && named !== undefined) {
        family(named).comments.set(kind, line)
      } else if (!line.startsWith("#")) {
        const [name, series] = labelled(line, worker)
        family(familyOf(name, families)).samples.push(series)
      }
    }
  }
  const lines = [...families.values()].flatMap(({ comments, samples }) => [
    ...comments.values(),
    ...samples
  ])
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`
}
