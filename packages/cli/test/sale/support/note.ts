/** A figure of this run, for whoever reads along: nothing depends on it. */
export const note = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
