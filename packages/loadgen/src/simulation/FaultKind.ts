/**
 * Everything that a simulation lets go wrong, by name. Each is switched on or off per seed and has
 * a rate of its own there; a rate is a probability per occasion.
 */
interface Kind {
  readonly about: string
  /** Probability per occasion at the middle of the scale. */
  readonly rate: number
}

/** Between a store process and its database. */
export const databaseFaults = {
  db_delay: { about: "a request or an answer takes up to 20 s", rate: 0.002 },
  db_refused: { about: "the connection is refused; nothing was sent", rate: 0.003 },
  db_reply_lost: { about: "the transaction commits and its answer is lost", rate: 0.003 },
  db_deadlock: { about: "the server chooses the transaction as a deadlock's victim", rate: 0.002 },
  db_serialization: { about: "the server reports a serialization failure", rate: 0.003 },
  db_lock_timeout: { about: "a statement gives up on a row after some milliseconds", rate: 0.2 }
} as const satisfies Record<string, Kind>

/** Of whole store processes; the occasion is any effect of the process. */
export const processFaults = {
  crash: {
    about: "the process dies before or behind an effect and is started again",
    rate: 0.0008
  },
  pause: { about: "the process stands still for up to 60 s and goes on: a zombie", rate: 0.0008 },
  two_owners: {
    about: "all leases are lost, so two workers believe that they own one saga",
    rate: 0.02
  }
} as const satisfies Record<string, Kind>

/** Of a process's clock; the occasion is half a minute of its life. */
export const clockFaults = {
  clock_skew: { about: "a clock is off by seconds and drifts", rate: 0.03 },
  clock_jump: { about: "a clock steps by up to two minutes, backwards too", rate: 0.03 },
  clock_freeze: { about: "a clock stands still", rate: 0.03 }
} as const satisfies Record<string, Kind>

/** Between a store process and the payment provider; the occasion is a call. */
export const providerCallFaults = {
  provider_refused: { about: "the provider cannot be reached; nothing happened", rate: 0.02 },
  provider_timeout_before: { about: "no answer, and nothing happened", rate: 0.02 },
  provider_timeout_after: { about: "no answer, but it happened", rate: 0.03 },
  provider_delay: { about: "the answer takes up to a minute", rate: 0.02 },
  provider_duplicate: { about: "the request arrives twice, the second time late", rate: 0.03 }
} as const satisfies Record<string, Kind>

/** What the provider does with a payment; the occasion is the payment. */
export const providerFaults = {
  provider_decline: { about: "the card is declined", rate: 0.05 },
  provider_late: { about: "the provider decides minutes later", rate: 0.05 },
  provider_twice: { about: "the payment is captured a second time", rate: 0.02 },
  provider_short: { about: "less than the amount is captured", rate: 0.01 },
  capture_after_cancel: { about: "a canceled payment is captured all the same", rate: 0.5 },
  expiry: { about: "the provider decides after the reservation has expired", rate: 0.02 }
} as const satisfies Record<string, Kind>

/** Of the provider's messages; the occasion is a message. */
export const webhookFaults = {
  webhook_dropped: { about: "the message never arrives", rate: 0.1 },
  webhook_duplicated: { about: "the message arrives several times", rate: 0.1 },
  webhook_reordered: { about: "the message is overtaken by later ones", rate: 0.1 },
  webhook_stale: { about: "the message arrives up to half an hour late", rate: 0.05 },
  webhook_first: { about: "the message arrives before the provider's own answer", rate: 0.1 }
} as const satisfies Record<string, Kind>

/** Between a buyer or the staff and the store; the occasion is a request. */
export const requestFaults = {
  request_lost: { about: "the request never arrives", rate: 0.02 },
  request_delayed: { about: "the request is overtaken by later ones", rate: 0.02 },
  request_duplicated: { about: "the request arrives twice", rate: 0.02 },
  answer_lost: { about: "the request is done and its answer is lost", rate: 0.02 }
} as const satisfies Record<string, Kind>

/** What buyers do; the occasion is a purchase. */
export const buyerFaults = {
  double_click: { about: "the buyer sends the same request twice at once", rate: 0.05 },
  retry_same_key: { about: "the buyer asks again although there was an answer", rate: 0.05 },
  retry_other_body: { about: "the buyer uses the key again with another cart", rate: 0.03 },
  abandon: { about: "the buyer never asks again when there was no answer", rate: 0.2 },
  cancel: { about: "the buyer cancels the order", rate: 0.08 },
  tamper: { about: "the buyer states a price of his own", rate: 0.05 },
  bad_value: { about: "the request holds what no database can store", rate: 0.02 },
  return_goods: { about: "the buyer sends goods back", rate: 0.1 }
} as const satisfies Record<string, Kind>

/** What the shop changes while it sells; the occasion is a minute. */
export const shopFaults = {
  price_change: { about: "a price changes during checkouts", rate: 0.3 },
  promotion_change: { about: "a promotion begins, ends or changes its limit", rate: 0.2 },
  stock_change: { about: "units are received or written off", rate: 0.3 },
  strategy_change: { about: "a SKU is sold by another strategy from now on", rate: 0.3 },
  rebalance: { about: "a SKU's units are laid out anew over its segments", rate: 0.3 }
} as const satisfies Record<string, Kind>

/** Of the gate's Redis, where all processes have one; the occasion is a call, or half a minute. */
export const gateFaults = {
  gate_unreachable: { about: "the gate is cut off or stands still for seconds", rate: 0.02 },
  gate_delay: { about: "the gate's answer takes up to 5 s", rate: 0.03 },
  gate_flushed: { about: "the gate forgets everything", rate: 0.05 },
  gate_lost_writes: { about: "the gate restarts with an older state", rate: 0.05 },
  gate_news_lost: { about: "a process does not hear what the gate tells all", rate: 0.1 }
} as const satisfies Record<string, Kind>

/** Of the line in which orders wait; the occasion is a call, or half a minute. */
export const queueFaults = {
  queue_unreachable: { about: "the line cannot be reached for up to 20 s", rate: 0.001 },
  queue_reply_lost: { about: "the line does what it is asked; its answer is lost", rate: 0.02 },
  queue_duplicate: { about: "an order in line is handed out to two workers", rate: 0.1 },
  queue_lost: { about: "the line loses everybody who waits, and what they were told", rate: 0.03 }
} as const satisfies Record<string, Kind>

/** Those that happen in every world. */
const everywhere = {
  ...databaseFaults,
  ...processFaults,
  ...clockFaults,
  ...providerCallFaults,
  ...providerFaults,
  ...webhookFaults,
  ...requestFaults,
  ...buyerFaults,
  ...shopFaults
}

export const faults = { ...everywhere, ...gateFaults, ...queueFaults }

export type FaultKind = keyof typeof faults
export const faultKinds = Object.keys(faults) as ReadonlyArray<FaultKind>
export const faultsEverywhere = Object.keys(everywhere) as ReadonlyArray<FaultKind>
