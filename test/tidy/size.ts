import { lineAt, parse, type Source } from "./Source.ts"

export const LINE_COLUMNS_MAX = 100
export const FILE_LINES_MAX = 250
export const FUNCTION_LINES_MAX = 70

export const longLines = ({ path, text }: Source): ReadonlyArray<string> =>
  text.split("\n").flatMap((line, index) => {
    const columns = [...line].length
    return columns > LINE_COLUMNS_MAX ? [`${path}:${index + 1} has ${columns} columns`] : []
  })

export const longFile = ({ path, text }: Source): ReadonlyArray<string> => {
  const lines = text.trimEnd().split("\n").length
  return lines > FILE_LINES_MAX ? [`${path} has ${lines} lines: it wants to be two files`] : []
}

/**
 * A function's own lines: those of the functions inside it are theirs. So a layer that closes over
 * its methods, or a block of tests, is as long as what it does itself.
 */
export const longFunctions = (source: Source): ReadonlyArray<string> => {
  const functions = parse(source).functions.map(({ end, start }) => ({
    first: lineAt(source.text, start),
    last: lineAt(source.text, end)
  }))
  return functions.flatMap((outer) => {
    const inner = new Set<number>()
    for (const other of functions) {
      const inside = other !== outer && other.first >= outer.first && other.last <= outer.last
      if (!inside || other.last - other.first === outer.last - outer.first) continue
      for (let line = other.first + 1; line <= other.last; line += 1) inner.add(line)
    }
    const own = outer.last - outer.first + 1 - inner.size
    if (own <= FUNCTION_LINES_MAX) return []
    return [`${source.path}:${outer.first} is a function of ${own} lines`]
  })
}
