/** Figures of a bench as a picture: bars for results, lines for ways that are compared. */
import type { BenchReport, BenchResult, Ranked } from "@doorbuster/loadgen/bench/BenchReport"
import { formatCount } from "./money.ts"

const width = 960
const margin = { left: 96, right: 168, top: 64, bottom: 48 }
const colours = ["#4269d0", "#efb118", "#ff725c", "#3ca951", "#a463f2", "#6cc5b0"]
const quiet = "#9498a0"

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

interface At {
  readonly x: number
  readonly y: number
}

const label = (
  { x, y }: At,
  text: string,
  { anchor = "start", fill = "#1b1e23", weight = "normal" } = {}
): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${fill}" ` +
  `font-weight="${weight}">${escaped(text)}</text>`

const line = (from: At, to: At, stroke: string): string =>
  `<line x1="${from.x.toFixed(1)}" y1="${from.y.toFixed(1)}" x2="${to.x.toFixed(1)}" ` +
  `y2="${to.y.toFixed(1)}" stroke="${stroke}"/>`

const picture = (height: number, title: string, parts: ReadonlyArray<string>): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
      `height="${height}" font-family="system-ui, sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    label({ x: 24, y: 32 }, title, { weight: "bold" }),
    ...parts,
    "</svg>",
    ""
  ].join("\n")

/** The next of 1, 2, 5, 10, 20, ... that is not below. */
const roundUp = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value
}

const barHeight = 16
const groupHeight = 64

/** Subject above reference, one pair for each result; each pair has a scale of its own. */
const barsOf = (result: BenchResult, index: number): ReadonlyArray<string> => {
  const left = 200
  const top = margin.top + index * groupHeight
  const reference = result.reference_per_second ?? 0
  const most = Math.max(result.per_second, reference, 1e-9)
  const scale = (width - left - 320) / most
  const bar = (rate: number, row: number, fill: string, said: string) => {
    const y = top + row * (barHeight + 4)
    const long = Math.max(1, rate * scale)
    return [
      `<rect x="${left}" y="${y}" width="${long.toFixed(1)}" height="${barHeight}" ` +
        `fill="${fill}"/>`,
      label({ x: left + long + 8, y: y + 13 }, said)
    ]
  }
  const told = (rate: number) => formatCount(Math.round(rate))
  const ratio = result.ratio === null ? "" : `, ratio ${result.ratio.toFixed(2)}`
  return [
    label({ x: left - 12, y: top + 13 }, result.name, { anchor: "end", weight: "bold" }),
    ...bar(result.per_second, 0, "#4269d0", `${told(result.per_second)} a second${ratio}`),
    ...(result.reference_per_second === null
      ? []
      : bar(reference, 1, quiet, `${told(reference)} ${result.reference}`))
  ]
}

const panelHeight = 340

/** One line for each strategy, over the number of processes. */
const panelOf = (load: string, own: ReadonlyArray<Ranked>, top: number): ReadonlyArray<string> => {
  const bottom = top + panelHeight - margin.bottom
  const most = roundUp(Math.max(...own.map((one) => one.per_second)))
  const counts = [...new Set(own.map((one) => one.processes))].sort((a, b) => a - b)
  const step = (width - margin.left - margin.right) / Math.max(1, counts.length - 1)
  const x = (processes: number) => margin.left + counts.indexOf(processes) * step
  const y = (rate: number) => bottom - (rate / most) * (bottom - top - 24)
  const right = width - margin.right
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    line({ x: margin.left, y: y(most * share) }, { x: right, y: y(most * share) }, "#e3e5e8"),
    label({ x: margin.left - 10, y: y(most * share) + 4 }, formatCount(Math.round(most * share)), {
      anchor: "end",
      fill: "#5a6069"
    })
  ])
  const ticks = counts.map((count) =>
    label({ x: x(count), y: bottom + 20 }, `${count}`, { anchor: "middle", fill: "#5a6069" })
  )
  const strategies = [...new Set(own.map((one) => one.strategy))].sort()
  const lines = strategies.map((strategy) => ({
    strategy,
    points: own
      .filter((one) => one.strategy === strategy)
      .sort((a, b) => a.processes - b.processes)
      .map((one) => ({ x: x(one.processes), y: y(one.per_second) }))
  }))
  return [
    label({ x: margin.left, y: top }, `${load}: units reserved a second, by processes`),
    ...grid,
    ...ticks,
    ...lines.flatMap(({ points }, index) =>
      drawn(points, colours[index % colours.length] ?? quiet)
    ),
    ...namesBeside(lines, right + 12)
  ]
}

const drawn = (points: ReadonlyArray<At>, colour: string): ReadonlyArray<string> => [
  `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points
    .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(" ")}"/>`,
  ...points.map(
    ({ x, y }) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.5" fill="${colour}"/>`
  )
]

const nameHeight = 17

/** Each name at the end of its line, pushed down where two would lie on each other. */
const namesBeside = (
  lines: ReadonlyArray<{ readonly strategy: string; readonly points: ReadonlyArray<At> }>,
  x: number
): ReadonlyArray<string> => {
  let free = Number.NEGATIVE_INFINITY
  return lines
    .map(({ points, strategy }, index) => ({ strategy, index, y: (points.at(-1)?.y ?? 0) + 4 }))
    .sort((one, other) => one.y - other.y)
    .map(({ index, strategy, y }) => {
      const own = Math.max(y, free)
      free = own + nameHeight
      return label({ x, y: own }, strategy, { fill: colours[index % colours.length] ?? quiet })
    })
}

/** A whole SVG document. */
export const benchPlot = ({ bench, ranking, results }: BenchReport): string => {
  const loads = [...new Set(ranking.map(({ load }) => load))]
  const panelsTop = margin.top + results.length * groupHeight + 32
  const height = panelsTop + loads.length * panelHeight
  return picture(height, `store bench ${bench}`, [
    ...results.flatMap(barsOf),
    ...loads.flatMap((load, index) =>
      panelOf(
        load,
        ranking.filter((one) => one.load === load),
        panelsTop + index * panelHeight
      )
    )
  ])
}
