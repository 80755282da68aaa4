import { type GateAnswer, type GateLevel, type GateLine, guardMs } from "@doorbuster/core/edge/Gate"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import * as Effect from "effect/Effect"
import { enterScript, leaveScript, setScript } from "./gateScripts.ts"
import type { LevelMirror } from "./LevelMirror.ts"
import type { RedisConnection } from "./RedisClient.ts"
import { bySlot, chunked, slotConcurrency } from "./slots.ts"

/** Lines of one call at most: a script keeps everybody else waiting while it runs. */
const linesMax = 1_000

type Lines = ReadonlyArray<GateLine>

/** The counters themselves. What cannot be reached lets pass and stays as it is. */
export interface GateCounters {
  /** The lines by the slot of their keys, in the order of slots; on one node there is one slot. */
  readonly split: (lines: Lines) => ReadonlyArray<Lines>
  /** Takes the lines of each part, which lie in one slot, all or none. */
  readonly take: (parts: ReadonlyArray<Lines>) => Effect.Effect<ReadonlyArray<GateAnswer>>
  readonly give: (lines: Lines) => Effect.Effect<void>
  readonly set: (levels: ReadonlyArray<GateLevel>) => Effect.Effect<void>
  readonly remove: (keys: ReadonlyArray<StockKey>) => Effect.Effect<void>
}

/** Counters of one SKU lie together; those of different SKUs may lie on different masters. */
const counterOf = (key: StockKey): string => {
  const sku = key.startsWith("limit:") ? (key.split(":")[1] ?? key) : key
  return `doorbuster:gate:{${sku.replaceAll(/[{}]/g, "-")}}:${key}`
}

interface Part {
  readonly lines: Lines
  /** Where its answer belongs. */
  readonly at: number
}

/** What a call of the script needs: each counter once, and the lines by the counter's index. */
const encode = (parts: ReadonlyArray<Part>) => {
  const indexes = new Map<StockKey, number>()
  const args: Array<number> = []
  for (const { lines } of parts) {
    args.push(lines.length)
    for (const { key, quantity } of lines) {
      const index = indexes.get(key) ?? indexes.size + 1
      indexes.set(key, index)
      args.push(index, quantity)
    }
  }
  return { keys: [...indexes.keys()], args }
}

const decode = (parts: ReadonlyArray<Part>, reply: ReadonlyArray<number>, from: number) => {
  let at = from
  return parts.map(({ lines }): GateAnswer => {
    const line = lines[(reply[at++] ?? 0) - 1]
    if (line === undefined) return { _tag: "Passed" }
    const available = reply[at++] ?? 0
    return { _tag: "SoldOut", key: line.key, requested: line.quantity, available }
  })
}

/** `tell` says to all processes which counters have fallen to zero, or risen from it. */
export const makeCounters = (
  redis: RedisConnection,
  mirror: LevelMirror,
  tell: (news: ReadonlyArray<readonly [StockKey, number]>) => Effect.Effect<void>
): GateCounters => {
  const grouped = <A>(items: Iterable<A>, keyOf: (item: A) => StockKey) =>
    bySlot(redis.isCluster, items, (item) => counterOf(keyOf(item)))
  const entering = redis.script("gate.enter", enterScript)
  const leaving = redis.script("gate.leave", leaveScript)
  const setting = redis.script("gate.set", setScript)

  const hear = (keys: ReadonlyArray<StockKey>, levels: ReadonlyArray<number>) => {
    for (const [i, key] of keys.entries()) {
      const level = levels[i]
      if (level === undefined || level < 0) mirror.forget(key)
      else mirror.hear(key, level)
    }
  }
  const takeChunk = Effect.fnUntraced(function* (
    parts: ReadonlyArray<Part>,
    answers: Array<GateAnswer>
  ) {
    const { args, keys } = encode(parts)
    // What this process heard before is no reason to refuse while nobody can be asked.
    const forget = Effect.sync(() => hear(keys, []))
    const asked = Effect.tapError(entering(keys.map(counterOf), args), () => forget)
    const reply = (yield* asked) as ReadonlyArray<number>
    hear(keys, reply)
    const passed = new Set<StockKey>()
    for (const [i, answer] of decode(parts, reply, keys.length).entries()) {
      const part = parts[i]
      if (part === undefined) continue
      answers[part.at] = answer
      if (answer._tag === "Passed") for (const { key } of part.lines) passed.add(key)
    }
    yield* tell(keys.flatMap((key, i) => (reply[i] === 0 && passed.has(key) ? [[key, 0]] : [])))
  })
  const giveGroup = Effect.fnUntraced(function* (
    units: ReadonlyArray<readonly [StockKey, number]>
  ) {
    const keys = units.map(([key]) => key)
    const reply = yield* leaving(
      keys.map(counterOf),
      units.map(([, quantity]) => quantity)
    )
    const levels = reply as ReadonlyArray<number>
    hear(keys, levels)
    yield* tell(
      units.flatMap(([key, quantity], i) => (levels[i] === quantity ? [[key, quantity]] : []))
    )
  })
  const each = <A, E>(items: ReadonlyArray<A>, run: (item: A) => Effect.Effect<unknown, E>) =>
    Effect.forEach(items, (item) => Effect.ignore(run(item)), {
      concurrency: slotConcurrency,
      discard: true
    })

  return {
    split: (lines) => grouped(lines, ({ key }) => key),
    take: Effect.fnUntraced(function* (all) {
      const answers = all.map((): GateAnswer => ({ _tag: "Passed" }))
      const parts = all.flatMap((lines, at) =>
        lines.slice(0, 1).map(({ key }) => ({ lines, at, key }))
      )
      const groups = grouped(parts, ({ key }) => key)
      const calls = groups.flatMap((group) => chunked(group, linesMax, ({ lines }) => lines.length))
      yield* each(calls, (call) => takeChunk(call, answers))
      return answers
    }),
    give: (lines) => {
      const units = new Map<StockKey, number>()
      for (const { key, quantity } of lines) units.set(key, (units.get(key) ?? 0) + quantity)
      const groups = grouped(units, ([key]) => key)
      return each(
        groups.flatMap((group) => chunked(group, linesMax)),
        giveGroup
      )
    },
    set: (levels) => {
      const groups = grouped(levels, ({ key }) => key)
      return each(
        groups.flatMap((group) => chunked(group, linesMax)),
        (group) => {
          const keys = group.map(({ key }) => key)
          const available = group.map((level) => level.available)
          return Effect.andThen(
            setting(keys.map(counterOf), [guardMs, ...available]),
            Effect.sync(() => hear(keys, available))
          )
        }
      )
    },
    remove: (keys) =>
      each(
        grouped(keys, (key) => key),
        (group) => {
          for (const key of group) mirror.forget(key)
          return redis.command("gate.remove", (client) => client.unlink(...group.map(counterOf)))
        }
      )
  }
}
