/** What goes wrong by the clock and not at an effect: clocks, leases, prices, stock. */
import * as Effect from "effect/Effect"
import { loseLeasesName } from "./loseLeases.ts"
import { changeStock, changeStrategies, rebalanceStock } from "./openingStock.ts"
import type { StoreProcess } from "./StoreProcess.ts"
import type { World } from "./World.ts"

const halfMinute = 30_000

const tamper = (process: StoreProcess, stage: World["stage"]) => {
  const { faults } = stage
  const random = stage.random.fork(`clock of ${process.name} ${stage.clock.nowMs}`)
  const { clock } = process
  if (faults.happens("clock_skew", "clock")) {
    clock.jump(random.between(-10_000, 10_000))
    clock.drift(1 + (random.next() - 0.5) / 50)
  }
  if (faults.happens("clock_jump", "clock")) clock.jump(random.between(-120_000, 120_000))
  if (faults.happens("clock_freeze", "clock")) {
    clock.freeze()
    stage.clock.after(random.between(1_000, 120_000), () => clock.thaw())
  }
  if (random.chance(0.2)) clock.correct()
}

/** As after a failover to a database that has lost the last leases: each worker looks dead. */
const loseLeases = ({ server, stage }: World) => {
  if (!stage.faults.happens("two_owners", "worker")) return
  const work = server.begin()
  server.run(work, loseLeasesName, [], () => server.commit(work))
}

export const chaos = (world: World) =>
  Effect.gen(function* () {
    const { server, shop, stage } = world
    const { clock, faults } = stage
    for (let beat = 0; !faults.areOver; beat++) {
      yield* clock.sleep(halfMinute)
      for (const process of world.processes) tamper(process, stage)
      loseLeases(world)
      world.gate.beat()
      world.line.beat()
      if (beat % 2 === 0) continue
      if (faults.happens("price_change", "shop")) yield* shop.changePrice()
      if (faults.happens("promotion_change", "shop")) yield* shop.changePromotion()
      if (faults.happens("stock_change", "shop")) {
        yield* changeStock(server, stage, stage.random.fork(`stock ${clock.nowMs}`))
      }
      if (faults.happens("strategy_change", "shop")) {
        yield* changeStrategies(server, stage, stage.random.fork(`strategies ${clock.nowMs}`))
      }
      if (faults.happens("rebalance", "shop")) {
        yield* rebalanceStock(server, stage, stage.random.fork(`rebalance ${clock.nowMs}`))
      }
    }
  })
