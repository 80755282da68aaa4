/** What one client did to the stock of one SKU, and what it was told: a line of a history. */

export const verbs = ["reserve", "release", "commit", "read", "receive", "give_back"] as const
export type Verb = (typeof verbs)[number]

export interface Operation {
  /** Whoever did it. Its operations on one SKU follow one another, but for unknown ones. */
  readonly client: string | number
  /** Nanoseconds of any one clock. */
  readonly callNs: bigint
  /** Null when no answer came. */
  readonly retNs: bigint | null
  readonly op: Verb
  readonly sku: string
  /** Units; 0 for a read. Below zero for a `receive` that takes units off sale. */
  readonly qty: number
  /** False when the store refused it; means nothing for an unknown one. */
  readonly ok: boolean
  /** For a read: the units that were said to be available, if any were. */
  readonly val: number | null
  /** It may have taken effect at any time after the call, or never. */
  readonly unknown: boolean
}

/** One line of NDJSON, without its line break. Nanoseconds stay exact: they are bare integers. */
export const encode = (operation: Operation): string => {
  const { callNs, client, ok, op, qty, retNs, sku, unknown, val } = operation
  return (
    `{"client":${JSON.stringify(client)},"call_ns":${callNs},"ret_ns":${retNs},"op":"${op}",` +
    `"sku":${JSON.stringify(sku)},"qty":${qty},"ok":${ok},"val":${val},"unknown":${unknown}}`
  )
}
