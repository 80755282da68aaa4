import type { Uuid } from "@doorbuster/core/Uuid"

/**
 * How the sandbox provider behaves towards one payment.
 *
 * - `approve`, `decline`: answers at once.
 * - `timeout_before`: the first asking is lost on the way there: nothing happened.
 * - `timeout_after`: the first answer is lost on the way back: the money is taken.
 * - `late`: says "pending"; the money is taken a moment later and a message follows.
 * - `twice`: approves and sends its message two times.
 */
export const behaviors = [
  "approve",
  "decline",
  "timeout_before",
  "timeout_after",
  "late",
  "twice"
] as const
export type SandboxBehavior = (typeof behaviors)[number]

/** Weights; what is missing never happens. */
export type SandboxMix = Partial<Record<SandboxBehavior, number>>

export interface SandboxOptions {
  readonly seed: string
  readonly mix: SandboxMix
}

export const approveAll: SandboxOptions = { seed: "approve", mix: { approve: 1 } }

/** FNV-1a, 32 bit: spreads ids, promises nothing. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  }
  // A last stir, so that ids that differ at their end only are spread as well.
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b)
  return (value ^ (value >>> 16)) >>> 0
}

/** A number in [0, 1) that depends on the seed, the payment and the question only. */
const draw = (seed: string, paymentId: Uuid, question: string): number =>
  hash(`${seed}/${question}/${paymentId}`) / 0x100000000

/** The same seed and payment always meet the same behaviour. */
export const behaviorOf = ({ mix, seed }: SandboxOptions, paymentId: Uuid): SandboxBehavior => {
  const total = behaviors.reduce((sum, name) => sum + (mix[name] ?? 0), 0)
  let left = draw(seed, paymentId, "behavior") * total
  for (const name of behaviors) {
    left -= mix[name] ?? 0
    if (left < 0) return name
  }
  return "approve"
}

/** Milliseconds until a late payment is captured: 50 to 1,000. */
export const delayOf = ({ seed }: SandboxOptions, paymentId: Uuid): number =>
  50 + Math.floor(draw(seed, paymentId, "delay") * 950)
