import { expect, test } from "vitest"
import { mergeMetrics } from "../../src/cluster/mergeMetrics.ts"

const requests = (count: number) =>
  [
    "# HELP requests_total HTTP requests",
    "# TYPE requests_total counter",
    `requests_total{route="GET /a{b}",status="200"} ${count}`
  ].join("\n")

const histogram = [
  "# HELP wait_seconds How long",
  "# TYPE wait_seconds histogram",
  'wait_seconds_bucket{le="+Inf"} 3',
  "wait_seconds_sum 1.5",
  "wait_seconds_count 3"
].join("\n")

const gauge = ["# TYPE running gauge", "running 7"].join("\n")

test("each series says whose it is, and each family is told once", () => {
  const merged = mergeMetrics([
    { worker: 1, text: `${requests(5)}\n${gauge}\n` },
    { worker: 2, text: `${gauge}\n\n${requests(6)}` }
  ])
  expect(merged).toBe(
    `${[
      "# HELP requests_total HTTP requests",
      "# TYPE requests_total counter",
      'requests_total{route="GET /a{b}",status="200",worker="1"} 5',
      'requests_total{route="GET /a{b}",status="200",worker="2"} 6',
      "# TYPE running gauge",
      'running{worker="1"} 7',
      'running{worker="2"} 7'
    ].join("\n")}\n`
  )
})

test("the samples of a histogram stay with their family", () => {
  const merged = mergeMetrics([
    { worker: 1, text: histogram },
    { worker: 2, text: histogram }
  ])
  expect(merged.split("\n").slice(2)).toEqual([
    'wait_seconds_bucket{le="+Inf",worker="1"} 3',
    'wait_seconds_sum{worker="1"} 1.5',
    'wait_seconds_count{worker="1"} 3',
    'wait_seconds_bucket{le="+Inf",worker="2"} 3',
    'wait_seconds_sum{worker="2"} 1.5',
    'wait_seconds_count{worker="2"} 3',
    ""
  ])
})

test("nothing comes of nothing", () => {
  expect(mergeMetrics([{ worker: 1, text: "" }])).toBe("")
})
