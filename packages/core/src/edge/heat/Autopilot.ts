import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { Inventory } from "../../inventory/Inventory.ts"
import { nextUuid } from "../../Uuid.ts"
import { Gate } from "../Gate.ts"
import { AutopilotSettings } from "./AutopilotSettings.ts"
import { Heat, type HeatReport, reportCapacity } from "./Heat.ts"
import { HeatMeter } from "./HeatMeter.ts"
import { merge } from "./HeatSketch.ts"
import { type HotKey, HotKeys } from "./HotKeys.ts"
import { type DueSwitch, due, promotedChoice, unwatched, watch } from "./heatPolicy.ts"
import { setPromoted } from "./switchEvents.ts"
import { demote, ownKeys, promote, type SwitchingPorts } from "./switching.ts"

const minuteMs = 60_000

/** Of the processes that see each other, the one with the smallest name acts. */
const isFirst = (process: string, reports: ReadonlyArray<HeatReport>): boolean =>
  reports.every((report) => process <= report.process)

/** Switches what is due, within the limit of switches a minute. */
const makePilot = (ports: SwitchingPorts, settings: AutopilotSettings) => {
  let switchedAt: ReadonlyArray<number> = []
  return Effect.fnUntraced(function* (
    listed: ReadonlyArray<HotKey>,
    switches: ReadonlyArray<DueSwitch>,
    processes: number
  ) {
    const own = yield* ownKeys(ports, listed)
    const at = yield* Clock.currentTimeMillis
    switchedAt = switchedAt.filter((then) => at - then < minuteMs)
    const choice = promotedChoice(processes, settings)
    for (const { _tag, key, perSecond } of switches) {
      if (switchedAt.length >= settings.switchesPerMinute) return
      const hot = own.get(key)
      const done =
        _tag === "Promote"
          ? yield* promote(ports, key, choice, perSecond)
          : hot !== undefined && (yield* demote(ports, hot, perSecond))
      if (done) switchedAt = [...switchedAt, at]
    }
  })
}

/**
 * Promotes SKUs that everybody wants and demotes them after the heat.
 *
 * Every process counts its own demand and watches that of all; one of them acts. Should two act at
 * the same time, because they do not see each other, they choose the same and one of them is told
 * that it did. A key with a choice of the staff's is not touched. What fails is tried again at the
 * next beat: nothing here decides whether a unit is sold.
 */
export const layer: Layer.Layer<never, never, Gate | Heat | HeatMeter | HotKeys | Inventory> =
  Layer.effectDiscard(
    Effect.gen(function* () {
      const gate = yield* Gate
      const heat = yield* Heat
      const hotKeys = yield* HotKeys
      const inventory = yield* Inventory
      const meter = yield* HeatMeter
      const settings = yield* AutopilotSettings
      const process = yield* nextUuid
      const pilot = makePilot({ gate, hotKeys, inventory }, settings)
      let watched = unwatched

      const beat = Effect.gen(function* () {
        const reports = yield* heat.exchange({
          process,
          sketch: yield* meter.take(reportCapacity)
        })
        const sketches = reports.map(({ sketch }) => sketch)
        const listed = yield* hotKeys.list
        const acts = isFirst(process, reports)
        // Whoever adds the processes' figures up comes to the right one.
        yield* setPromoted(acts ? listed.length : 0)
        const reading = {
          at: yield* Clock.currentTimeMillis,
          sketch: merge(sketches, reportCapacity),
          promoted: new Set(listed.map(({ key }) => key))
        }
        watched = watch(watched, reading, settings)
        const switches = due(watched, reading, settings)
        if (acts && listed.length + switches.length > 0) {
          yield* pilot(listed, switches, reports.length)
        }
      })

      yield* Effect.forkScoped(Effect.repeat(Effect.ignore(beat), Schedule.spaced(settings.beatMs)))
    })
  )
