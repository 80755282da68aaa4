import {
  type Heard,
  RedisClient,
  type RedisConnection,
  type RedisDriver
} from "@doorbuster/adapters/redis/RedisClient"
import { RedisUnavailable } from "@doorbuster/adapters/redis/RedisUnavailable"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { latency } from "../Stage.ts"
import type { StoreProcess } from "../StoreProcess.ts"
import type { SharedGate } from "./SharedGate.ts"

/** A command's time, as the client has it. */
const commandMsMax = 250

/**
 * The commands that the gate sends besides its scripts. They answer at once where the driver
 * promises to: no promise is ever kept in virtual time.
 */
const driverOf = ({ data }: SharedGate): RedisDriver =>
  ({
    unlink: (...keys: ReadonlyArray<string>) => data.unlink(keys),
    zrangebyscore: (_: string, from: number) => data.listed(from),
    zrem: (_: string, ...names: ReadonlyArray<string>) => data.unlist(names)
  }) as object as RedisDriver

/** The shared gate's Redis as one store process reaches it. */
export const redisPort = (process: StoreProcess, gate: SharedGate): RedisConnection => {
  const { clock, faults, random, scenario, trace } = process.stage
  const chance = random.fork(`gate link of ${process.name}`)
  const driver = driverOf(gate)

  const send = <A>(command: string, act: () => A): Effect.Effect<A, RedisUnavailable> =>
    Effect.callback<A, RedisUnavailable>((resume) => {
      const step = command === "gate.enter" ? command : "gate.beat"
      const fail = (reason: "timeout" | "unreachable", ms: number) => {
        const failed = new RedisUnavailable({
          operation: command,
          reason,
          detail: "there was no answer"
        })
        clock.after(ms, () => resume(Effect.fail(failed)))
      }
      trace.note(process.name, command)
      if (faults.happens("crash", step)) {
        if (chance.chance(0.6)) clock.after(latency(chance, scenario), act)
        process.crash()
        return
      }
      if (faults.happens("pause", step)) process.pause(chance.between(1_000, 60_000))
      if (faults.happens("gate_unreachable", step)) gate.fail()
      if (gate.isGone) return fail("unreachable", 0)
      if (gate.isSilent) {
        gate.hold(act)
        return fail("timeout", commandMsMax)
      }
      const slowMs = faults.happens("gate_delay", step) ? chance.between(50, 5_000) : 0
      const isSlowThere = chance.chance(0.5)
      const replyMs = latency(chance, scenario) + (isSlowThere ? 0 : slowMs)
      clock.after(latency(chance, scenario) + (isSlowThere ? slowMs : 0), () => {
        const answer = act()
        if (slowMs <= commandMsMax) clock.after(replyMs, () => resume(Effect.succeed(answer)))
      })
      if (slowMs > commandMsMax) fail("timeout", commandMsMax)
    })

  return RedisClient.of({
    client: driver,
    isCluster: false,
    command: <A>(operation: string, run: (client: RedisDriver) => Promise<A>) =>
      send(operation, () => run(driver) as A),
    script: (operation, lua) => (keys, args) =>
      send(operation, () => gate.data.eval(lua, keys, args)),
    publish: (_, text) => send("gate.publish", () => gate.say(text)),
    subscribe: () =>
      Stream.callback<Heard>((queue) =>
        Effect.sync(() =>
          gate.listen(process.name, (heard) => void Queue.offerUnsafe(queue, heard))
        )
      ),
    isUp: () => !gate.isGone,
    ups: Stream.never
  })
}
