/** A world so small that everybody is always in everybody's way. */
import fc from "fast-check"
import type { PortCall } from "../Action.ts"

export const uuidOf = (n: number): string =>
  `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`

/** Any time will do. */
export const at = 1_700_000_000_000

export const orderIds = [1, 2, 3, 4].map(uuidOf)
export const anOrder = fc.constantFrom(...orderIds)
export const epoch = fc.constantFrom(1, 1, 2)

/** One or two items, of different ids where `id` is given. */
export const batchOf = <A>(
  item: fc.Arbitrary<A>,
  id: (item: A) => unknown = () => undefined
): fc.Arbitrary<ReadonlyArray<A>> =>
  fc
    .array(item, { minLength: 1, maxLength: 2 })
    .map((items) =>
      items.filter((a, i) => i === 0 || id(a) === undefined || id(a) !== id(items[0] as A))
    )

type Port = PortCall["port"]

export const call = (port: Port, name: string, ...args: ReadonlyArray<fc.Arbitrary<unknown>>) =>
  fc.tuple(...args).map((values): PortCall => ({ port, call: name, args: values }))

export const done = (port: Port, name: string, ...args: ReadonlyArray<unknown>): PortCall => ({
  port,
  call: name,
  args
})
