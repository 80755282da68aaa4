import { once } from "node:events"
import { createInterface } from "node:readline"
import type { Ready } from "../../src/programs/serve.ts"
import type { Place } from "./places.ts"
import { type Outcome, outcomeOf, type RunOptions, startStore } from "./runStore.ts"

export interface Serving {
  readonly ready: Ready
  /** Ends as the signal makes it end. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Outcome>
}

/** `store serve` on a free port, once it is ready. */
export const startServing = async (
  place: Pick<Place, "args">,
  flags: ReadonlyArray<string> = [],
  options: RunOptions = {}
): Promise<Serving> => {
  const child = startStore(["serve", "--json", "--port", "0", ...place.args, ...flags], options)
  const outcome = outcomeOf(child)
  if (child.stdout === null) throw new Error("the store has no stdout")
  const line = once(createInterface(child.stdout), "line")
  const early = outcome.then(({ stderr, stdout }): never => {
    throw new Error(`the store ended before it was ready: ${stderr}${stdout}`)
  })
  const [text] = await Promise.race([line, early])
  // The first line of a failure's document: its reason comes with the rest.
  if (text === "{") await early
  early.catch(() => {})
  return {
    ready: JSON.parse(text) as Ready,
    stop: (signal = "SIGTERM") => {
      child.kill(signal)
      return outcome
    }
  }
}
