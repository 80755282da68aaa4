const sweepMs = 60_000

/** Sessions with the moments (epoch ms) at which they would have ended by themselves. */
export class EndedSessions {
  readonly #until = new Map<string, number>()
  #sweepAt = 0

  add(session: string, until: number, now: number): void {
    if (now >= this.#sweepAt) this.#sweep(now)
    if (until > now) this.#until.set(session, until)
  }

  has(session: string): boolean {
    return this.#until.has(session)
  }

  get size(): number {
    return this.#until.size
  }

  #sweep(now: number): void {
    this.#sweepAt = now + sweepMs
    for (const [session, until] of this.#until) if (now >= until) this.#until.delete(session)
  }
}
