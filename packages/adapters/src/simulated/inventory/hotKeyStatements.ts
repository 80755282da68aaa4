/** The list of promoted keys: the simulated form of what `HotKeysPostgres` sends. */
import type { Handler } from "../Execution.ts"
import { asInteger, asText, asTime } from "../parameters.ts"
import { Table } from "../Table.ts"

interface HotKeyRow {
  readonly sku: string
  readonly strategy: string
  readonly segments: number
  readonly since: number
}

export const makeHotKeyTable = () =>
  new Table<HotKeyRow>({ name: "hot_keys", key: ({ sku }) => sku })

type HotKeyTable = ReturnType<typeof makeHotKeyTable>

const list =
  (table: HotKeyTable): Handler =>
  (on) =>
    [...table.slots.keys()].sort().flatMap((sku) => {
      const row = on.read(table, sku)
      return row === undefined ? [] : [{ ...row }]
    })

const enlist = (table: HotKeyTable): Handler =>
  function* (on, [sku, strategy, segments, since]) {
    const row = {
      sku: asText(sku),
      strategy: asText(strategy),
      segments: asInteger(segments),
      since: asTime(since)
    }
    const standing = yield* on.insertOr(table, row)
    return standing === undefined ? [{ sku: row.sku }] : []
  }

const dismiss = (table: HotKeyTable): Handler =>
  function* (on, [key]) {
    const sku = asText(key)
    const slot = table.slot(sku)
    if (slot === undefined || on.seen(slot) === undefined) return []
    return (yield* on.delete(slot, () => true)) ? [{ sku }] : []
  }

export const hotKeyStatements = (table: HotKeyTable): Map<string, Handler> =>
  new Map([
    ["hot_keys_list", list(table)],
    ["hot_keys_enlist", enlist(table)],
    ["hot_keys_dismiss", dismiss(table)]
  ])
