import type { AnswerKey, FinalAnswer } from "@doorbuster/core/edge/AnswerCache"

/** Long enough for whoever repeats a request; keys are kept for a day at least. */
export const answerTtlMs = 3_600_000

const answersMax = 10_000
const bodyMax = 16_384

const nameOf = ({ account, key }: AnswerKey): string => `${account} ${key}`

/** The answers that were kept last, and no large ones. */
export class RecentAnswers {
  readonly #kept = new Map<string, { readonly answer: FinalAnswer; readonly until: number }>()

  get(key: AnswerKey, now: number): FinalAnswer | undefined {
    const found = this.#kept.get(nameOf(key))
    return found !== undefined && now < found.until ? found.answer : undefined
  }

  /** False for one that is too large to keep. */
  put(answer: FinalAnswer, now: number): boolean {
    if (answer.answer.body.length > bodyMax) return false
    const name = nameOf(answer)
    this.#kept.delete(name)
    this.#kept.set(name, { answer, until: now + answerTtlMs })
    if (this.#kept.size > answersMax) {
      const [oldest = name] = this.#kept.keys()
      this.#kept.delete(oldest)
    }
    return true
  }
}
