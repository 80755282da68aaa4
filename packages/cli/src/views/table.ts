import { stripVTControlCharacters } from "node:util"
import { bold } from "./style.ts"

export interface Column {
  readonly title: string
  readonly align?: "left" | "right"
}

const widthOf = (cell: string): number => stripVTControlCharacters(cell).length

/** Aligned columns, two blanks apart; a title row where any column has a title. */
export const table = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): string => {
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...rows.map((row) => widthOf(row[at] ?? "")))
  )
  const line = (cells: ReadonlyArray<string>): string =>
    columns
      .map(({ align }, at) => {
        const cell = cells[at] ?? ""
        const gap = " ".repeat((widths[at] ?? 0) - widthOf(cell))
        return align === "right" ? gap + cell : cell + gap
      })
      .join("  ")
      .trimEnd()
  const titles = columns.map(({ title }) => title)
  const head = titles.some((title) => title !== "") ? [bold(line(titles))] : []
  return [...head, ...rows.map(line)].join("\n")
}

/** Names and values, one pair a line. */
export const facts = (pairs: ReadonlyArray<readonly [name: string, value: string]>): string =>
  table([{ title: "" }, { title: "" }], pairs)
