import type { Heard } from "@doorbuster/adapters/redis/RedisClient"
import { gateLagMsMax } from "../gatedStock.ts"
import type { Judge } from "../Judge.ts"
import type { SeededRandom } from "../SeededRandom.ts"
import { latency, type Stage } from "../Stage.ts"
import type { StockWatch } from "../StockWatch.ts"
import { GateData } from "./GateData.ts"

/** The longest that a message to the database is under way. */
const delayMsMax = 20_000

/** After the last fault the gate is right again within this. */
const rightAgainMs = 30_000

/** `doorbuster:gate:{SKU}:KEY` */
const stockKeyOf = (counter: string): string => counter.slice(counter.indexOf("}:") + 2)

/**
 * One Redis for the gates of all processes: it may forget what it was told, be gone for a while,
 * and lose what it says to others. What it refuses when nothing goes wrong any more is judged.
 */
export class SharedGate {
  readonly data: GateData
  readonly #stage: Stage
  readonly #random: SeededRandom
  readonly #stock: StockWatch
  readonly #judge: Judge
  /** Who listens, by process: a new one stands in for the one that died. */
  readonly #listeners = new Map<string, (heard: Heard) => void>()
  #restore: (() => void) | null = null
  #outages = 0
  #silences = 0
  readonly #held: Array<() => void> = []
  #calmFrom: number | null = null

  constructor(stage: Stage, stock: StockWatch) {
    this.#stage = stage
    this.#random = stage.random.fork("shared gate")
    this.#stock = stock
    this.#judge = stage.judge
    const nowMs = () => stage.clock.nowMs
    this.data = new GateData(nowMs, (counter, basis) => this.#judgeRefusal(counter, basis))
  }

  /** Connections to it are closed, or cannot be opened. */
  get isGone(): boolean {
    return this.#outages > 0
  }

  /** It takes what it is sent, and neither does anything nor answers. */
  get isSilent(): boolean {
    return this.#silences > 0
  }

  /** Sent to one that stands still: it is done when it goes on, and its sender has gone. */
  hold(task: () => void): void {
    this.#held.push(task)
  }

  listen(process: string, hear: (heard: Heard) => void): void {
    this.#listeners.set(process, hear)
    if (!this.isGone) this.#send(hear, { _tag: "Joined" })
  }

  /** Says something to all that listen. */
  say(text: string): void {
    for (const hear of this.#listeners.values()) {
      if (this.#stage.faults.happens("gate_news_lost", "gate")) continue
      this.#send(hear, { _tag: "Said", text })
    }
  }

  /** Cannot be reached for some seconds: it stands still, or everybody is cut off. */
  fail(): void {
    const ms = this.#random.between(200, 8_000)
    if (this.#random.chance(0.5)) {
      this.#cut(ms)
      return
    }
    this.#silences++
    this.#stage.clock.after(ms, () => {
      this.#silences--
      if (this.isSilent) return
      for (const task of this.#held.splice(0)) task()
    })
  }

  /** What goes wrong with it by the clock. */
  beat(): void {
    const { faults } = this.#stage
    if (faults.happens("gate_flushed", "gate")) this.data.flush()
    if (!faults.happens("gate_lost_writes", "gate")) {
      if (this.#random.chance(0.5)) this.#restore = this.data.snapshot()
      return
    }
    if (this.#restore === null) this.data.flush()
    else this.#restore()
    this.#cut(this.#random.between(50, 2_000))
  }

  /** Nothing goes wrong any more: what is still under way is the last. */
  recover(): void {
    this.#calmFrom = this.#stage.clock.nowMs + this.calmAfterMs
  }

  /** So long after the last fault the gate has to be right again. */
  readonly calmAfterMs = delayMsMax + rightAgainMs

  #cut(ms: number): void {
    this.#outages++
    this.#stage.clock.after(ms, () => {
      this.#outages--
      if (this.isGone) return
      for (const hear of this.#listeners.values()) this.#send(hear, { _tag: "Joined" })
    })
  }

  #send(hear: (heard: Heard) => void, heard: Heard): void {
    this.#stage.clock.after(latency(this.#random, this.#stage.scenario), () => {
      if (!this.isGone) hear(heard)
    })
  }

  /** A counter that refuses was set to what there was at some moment a short while ago. */
  #judgeRefusal(counter: string, basis: number): void {
    const { nowMs } = this.#stage.clock
    if (this.#calmFrom === null || nowMs < this.#calmFrom) return
    const key = stockKeyOf(counter)
    const least = this.#stock.leastSince(key, nowMs - gateLagMsMax)
    if (least === null || basis >= least) return
    const detail = `refuses on the word that there were ${basis}; there were ${least} or more`
    this.#judge.find("gate.right_again", key, detail)
  }
}
