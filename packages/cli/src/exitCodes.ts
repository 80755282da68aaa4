/** Exit codes are part of the interface; 130 and 143 follow the shell's custom for signals. */
export const exitCodes = {
  ok: 0,
  error: 1,
  usage: 2,
  invariantBroken: 3,
  thresholdMissed: 4,
  openBreaks: 5,
  dependencyDown: 6,
  runInvalid: 7,
  interrupted: 130,
  terminated: 143
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
