/** Epoch milliseconds for programs: ISO 8601 in UTC. */
export const isoTime = (epochMs: number): string => new Date(epochMs).toISOString()

/** Epoch milliseconds for people: `2026-11-11 00:00:00.123`, in UTC. */
export const formatTime = (epochMs: number): string =>
  isoTime(epochMs).replace("T", " ").replace("Z", "")

/** `4 ms`, `2.5 s`, `3 min 20 s`. */
export const formatDuration = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}
