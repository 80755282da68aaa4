import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** The true time that a view is about. */
interface TrueTime {
  readonly nowMs: number
  sleep(durationMs: number): Effect.Effect<void>
}

const nanosOf = (ms: number): bigint => {
  const whole = Math.floor(ms)
  return BigInt(whole) * 1_000_000n + BigInt(Math.floor((ms - whole) * 1_000_000))
}

/**
 * The clock of one process, and the handle to tamper with it. What it reads may be wrong in every
 * way; what it sleeps is true, except that a drifting clock drifts in its timers as well.
 */
export class ClockView implements Clock.Clock {
  readonly #time: TrueTime
  /** True time of the last change; both readings below are of that moment. */
  #sinceMs: number
  #wallMs: number
  #monotonicMs = 0
  #rate: number
  #frozen = false

  constructor(time: TrueTime, aheadMs: number, rate: number) {
    this.#time = time
    this.#sinceMs = time.nowMs
    this.#wallMs = time.nowMs + aheadMs
    this.#rate = rate
  }

  /** Steps the reading, backwards too. */
  jump(byMs: number): void {
    this.#settle()
    this.#wallMs += byMs
  }

  /** Ticks at this rate from now on: 1.01 is 10 ms ahead after each true second. */
  drift(rate: number): void {
    this.#settle()
    this.#rate = rate
  }

  /** Reads the same until thawed. */
  freeze(): void {
    this.#settle()
    this.#frozen = true
  }

  /** Ticks again, from where it stood. */
  thaw(): void {
    this.#settle()
    this.#frozen = false
  }

  /** Reads the true time, as after a step by NTP; a drift goes on. */
  correct(): void {
    this.#settle()
    this.#wallMs = this.#time.nowMs
  }

  currentTimeMillisUnsafe(): number {
    return Math.floor(this.#wall())
  }

  currentTimeNanosUnsafe(): bigint {
    return nanosOf(this.#wall())
  }

  monotonicTimeNanosUnsafe(): bigint {
    return nanosOf(this.#monotonicMs + this.#elapsedMs())
  }

  readonly currentTimeMillis = Effect.sync(() => this.currentTimeMillisUnsafe())
  readonly currentTimeNanos = Effect.sync(() => this.currentTimeNanosUnsafe())
  readonly monotonicTimeNanos = Effect.sync(() => this.monotonicTimeNanosUnsafe())

  sleep(duration: Duration.Duration): Effect.Effect<void> {
    return this.#time.sleep(Duration.toMillis(duration) / this.#rate)
  }

  #elapsedMs(): number {
    return (this.#time.nowMs - this.#sinceMs) * this.#rate
  }

  #wall(): number {
    return this.#frozen ? this.#wallMs : this.#wallMs + this.#elapsedMs()
  }

  #settle(): void {
    this.#wallMs = this.#wall()
    this.#monotonicMs += this.#elapsedMs()
    this.#sinceMs = this.#time.nowMs
  }
}
