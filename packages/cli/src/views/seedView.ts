import type { SeedReport } from "@doorbuster/loadgen/seed/seed"
import { formatCount } from "./money.ts"
import { facts } from "./table.ts"

export const seedView = ({ listed, products, services, stock }: SeedReport): string =>
  facts([
    ["products", formatCount(products)],
    ["of them for sale", formatCount(listed)],
    ["of them without stock", formatCount(services)],
    ["SKUs stocked", formatCount(stock.skus)],
    ["units", formatCount(stock.units)],
    ...(stock.skus_as_before === 0
      ? []
      : [["SKUs stocked before", formatCount(stock.skus_as_before)] as const])
  ])
