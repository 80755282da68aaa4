/**
 * Inventory on paper: keys, orders, movements and returns by number, no locks and no batches. What
 * it says after each command is what a store has to say.
 */
export interface PaperLevel {
  readonly received: number
  readonly reserved: number
  readonly sold: number
}

export interface PaperLine {
  readonly key: number
  readonly quantity: number
  readonly allowance?: number
}

export interface PaperOrder {
  readonly lines: ReadonlyArray<PaperLine>
  /** The fence that certainly stands. */
  epoch: number
  /** The highest epoch that was sent; a store may or may not have kept it from a refusal. */
  seen: number
  state: "none" | "held" | "committed" | "released" | "expired"
  readonly returned: Map<number, number>
}

export interface PaperReturn {
  readonly order: number
  readonly key: number
  readonly quantity: number
}

export interface Paper {
  readonly levels: Array<PaperLevel | undefined>
  readonly orders: ReadonlyArray<PaperOrder>
  readonly returns: ReadonlyArray<PaperReturn>
  readonly returned: Set<number>
  readonly movements: Map<number, string>
}

/** Who writes: an earlier owner than the fence, the latest one, or a new one. */
export type Owner = "earlier" | "latest" | "next"

/** The epoch such a writer comes with, chosen so that the answer is certain. */
export const epochOf = (order: PaperOrder, owner: Owner): number => {
  if (owner === "next") return order.seen + 1
  return owner === "earlier" && order.epoch > 1 ? order.epoch - 1 : Math.max(order.seen, 1)
}

const none: PaperLevel = { received: 0, reserved: 0, sold: 0 }
const availableOf = (level: PaperLevel) => level.received - level.reserved - level.sold

const change = (paper: Paper, key: number, by: Partial<PaperLevel>) => {
  const level = paper.levels[key] ?? none
  paper.levels[key] = {
    received: level.received + (by.received ?? 0),
    reserved: level.reserved + (by.reserved ?? 0),
    sold: level.sold + (by.sold ?? 0)
  }
}

/** The level that the line meets: with its allowance in force, where it brings one. */
const met = (paper: Paper, { allowance, key }: PaperLine): PaperLevel | undefined => {
  const level = paper.levels[key]
  if (allowance === undefined) return level
  const { reserved, sold } = level ?? none
  return { received: Math.max(allowance, reserved + sold), reserved, sold }
}

const keep = (order: PaperOrder, epoch: number) => {
  order.epoch = Math.max(order.epoch, epoch)
  order.seen = Math.max(order.seen, epoch)
}

export const reserve = (paper: Paper, order: PaperOrder, epoch: number): string => {
  if (epoch < order.epoch) return "Superseded"
  order.seen = Math.max(order.seen, epoch)
  if (order.state === "released" || order.state === "expired") return "ReservationClosed"
  if (order.state !== "none") return "Held"
  for (const line of order.lines) {
    const level = met(paper, line)
    if (level === undefined) return "UnknownStock"
    if (availableOf(level) < line.quantity) return "OutOfStock"
  }
  for (const line of order.lines) {
    paper.levels[line.key] = met(paper, line)
    change(paper, line.key, { reserved: line.quantity })
  }
  order.state = "held"
  keep(order, epoch)
  return "Held"
}

export const commit = (paper: Paper, order: PaperOrder, epoch: number): string => {
  if (epoch < order.epoch) return "Superseded"
  order.seen = Math.max(order.seen, epoch)
  if (order.state === "committed") return "Committed"
  if (order.state !== "held") return "NotHeld"
  for (const { key, quantity } of order.lines) {
    change(paper, key, { reserved: -quantity, sold: quantity })
  }
  order.state = "committed"
  keep(order, epoch)
  return "Committed"
}

export const release = (
  paper: Paper,
  order: PaperOrder,
  epoch: number,
  as: "released" | "expired"
): string => {
  if (epoch < order.epoch) return "Superseded"
  order.seen = Math.max(order.seen, epoch)
  if (order.state === "committed") return "AlreadyCommitted"
  if (order.state === "released" || order.state === "expired") return "Released"
  if (order.state === "held") {
    for (const { key, quantity } of order.lines) change(paper, key, { reserved: -quantity })
  }
  order.state = as
  keep(order, epoch)
  return "Released"
}

export const giveBack = (paper: Paper, id: number): string => {
  const given = paper.returns[id]
  const order = given && paper.orders[given.order]
  if (given === undefined || order === undefined) return "no such return"
  if (paper.returned.has(id)) return "Returned"
  const line = order.lines.find(({ key }) => key === given.key)
  const before = order.returned.get(given.key) ?? 0
  const sold = order.state === "committed" && line !== undefined ? line.quantity : 0
  if (sold - before < given.quantity) return "ExceedsSold"
  paper.returned.add(id)
  order.returned.set(given.key, before + given.quantity)
  change(paper, given.key, { sold: -given.quantity })
  return "Returned"
}

export const move = (paper: Paper, id: number, key: number, quantity: number): string => {
  const before = paper.movements.get(id)
  const content = `${key} ${quantity}`
  if (before !== undefined) return before === content ? "Moved" : "MovementReused"
  if (availableOf(paper.levels[key] ?? none) + quantity < 0) return "OutOfStock"
  paper.movements.set(id, content)
  change(paper, key, { received: quantity })
  return "Moved"
}

export const fence = (order: PaperOrder, epoch: number): void => keep(order, epoch)
