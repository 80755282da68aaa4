import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { formatCount } from "./money.ts"
import { formatDuration } from "./time.ts"

/** Whatever the bar is drawn on: stderr, or a stand-in that remembers. */
export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface Progress {
  /** So much is done now, of `total` if that is known. */
  readonly at: (done: number, total?: number) => Effect.Effect<void>
}

const patienceMs = 2_000
const redrawMs = 100
const barWidth = 24

const bar = (share: number): string => {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * barWidth)
  return `${"#".repeat(filled)}${".".repeat(barWidth - filled)}`
}

/** One line of progress, without line break. */
export const progressLine = (
  label: string,
  { done, elapsedMs, total }: Readonly<{ done: number; total?: number; elapsedMs: number }>
): string => {
  const elapsed = formatDuration(elapsedMs)
  if (total === undefined || total === 0) return `${label}  ${formatCount(done)}  ${elapsed}`
  const percent = Math.floor((100 * done) / total)
  const counts = `${formatCount(done)}/${formatCount(total)}`
  return `${label}  [${bar(done / total)}] ${percent} %  ${counts}  ${elapsed}`
}

/**
 * A progress line on stderr for work of unknown length: it appears after two seconds, is redrawn
 * ten times a second at most, and is wiped when the scope closes. Off a terminal it draws nothing.
 */
export const progress = (
  label: string,
  screen: Screen = process.stderr,
  now: () => number = () => performance.now()
): Effect.Effect<Progress, never, Scope.Scope> => {
  const begun = now()
  let drawnAt = Number.NEGATIVE_INFINITY
  const draw = (done: number, total: number | undefined) => {
    const at = now()
    if (screen.isTTY !== true || at - begun < patienceMs || at - drawnAt < redrawMs) return
    drawnAt = at
    const counts = total === undefined ? { done } : { done, total }
    const line = progressLine(label, { ...counts, elapsedMs: at - begun })
    // A terminal that does not know its width says 0; a line that wraps is never wiped.
    screen.write(`\r\u001b[K${line.slice(0, (screen.columns || 80) - 1)}`)
  }
  const wipe = () => {
    if (drawnAt > 0) screen.write("\r\u001b[K")
  }
  return Effect.acquireRelease(
    Effect.succeed<Progress>({ at: (done, total) => Effect.sync(() => draw(done, total)) }),
    () => Effect.sync(wipe)
  )
}
