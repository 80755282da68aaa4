import type { StockLevel } from "@doorbuster/core/inventory/Inventory"
import type { StrategyChoice } from "@doorbuster/core/inventory/StockStrategy"
import { formatCount } from "./money.ts"
import { facts, table } from "./table.ts"

export const available = ({ received, reserved, sold }: StockLevel): number =>
  received - reserved - sold

export const stockJson = (level: StockLevel) => ({
  sku: level.key,
  segment: level.segment,
  received: level.received,
  reserved: level.reserved,
  sold: level.sold,
  available: available(level)
})

const columns = [
  { title: "sku" },
  { title: "segment", align: "right" },
  { title: "received", align: "right" },
  { title: "reserved", align: "right" },
  { title: "sold", align: "right" },
  { title: "available", align: "right" }
] as const

/** Units. */
export const stockView = (levels: ReadonlyArray<StockLevel>): string =>
  levels.length === 0
    ? "no stock is kept"
    : table(
        columns,
        levels.map((level) => [
          level.key,
          String(level.segment),
          formatCount(level.received),
          formatCount(level.reserved),
          formatCount(level.sold),
          formatCount(available(level))
        ])
      )

const overRows = (segments: number): string => (segments === 1 ? "" : ` over ${segments} rows`)

/** How a SKU is taken, and what lies where. */
export const strategyView = (
  { segments, strategy }: StrategyChoice,
  levels: ReadonlyArray<StockLevel>
): string => `${facts([["strategy", `${strategy}${overRows(segments)}`]])}\n\n${stockView(levels)}`
