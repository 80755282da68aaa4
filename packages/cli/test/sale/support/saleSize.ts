/** How large the sales of these tests are: small unless the environment says otherwise. */
const sizeOf = (name: string, usual: number): number => {
  const size = Number(process.env[name] ?? usual)
  if (!Number.isInteger(size) || size < 1) throw new Error(`${name} has to be a number of things`)
  return size
}

export const saleSize = {
  /** Of each sale by a strategy. */
  buyers: sizeOf("SALE_BUYERS", 400),
  /** What they want, one unit each. */
  units: sizeOf("SALE_UNITS", 40),
  /** That take their orders. */
  processes: sizeOf("SALE_PROCESSES", 2),
  /** Of the sale over which memory has to stay as it is. */
  requests: sizeOf("SALE_REQUESTS", 5_000)
}
