/**
 * What the line does inside Redis, each as one step. `KEYS[1]` is the line's name, which has a tag:
 * all of its keys lie on one node. They are
 *
 * - `…:stream`: who waits, in order, with the consumer group `store`; the pending are handed out;
 * - `…:line`: tickets that wait, by number, so that a position is a rank;
 * - `…:ticket:ID`: the ticket's state (`waiting`, `taken`, `answered`), entry and answer;
 * - `…:wants:SKU`: tickets that wait for a SKU, by units;
 * - `…:rate`: what may still be taken in this moment; `…:dead`: what was given up.
 */
const prelude = `
local name = KEYS[1]
local stream, line = name .. ':stream', name .. ':line'
local function ticketKey(id) return name .. ':ticket:' .. id end
local function wantsKey(sku) return name .. ':wants:' .. sku end
local function array(items)
  if #items == 0 then return '[]' end
  return cjson.encode(items)
end
local function position(id)
  local rank = redis.call('ZRANK', line, id)
  if rank then return rank + 1 end
  return 0
end
local function leaveLine(id)
  if redis.call('ZREM', line, id) == 0 then return end
  local wants = redis.call('HGET', ticketKey(id), 'wants')
  if not wants then return end
  for sku in pairs(cjson.decode(wants)) do redis.call('ZREM', wantsKey(sku), id) end
end
local function ensureGroup()
  redis.pcall('XGROUP', 'CREATE', stream, 'store', '0', 'MKSTREAM')
end
local function entriesOf(found)
  local entries = {}
  for _, each in ipairs(found) do
    local fields = each[2]
    if fields then
      entries[#entries + 1] = { entry = each[1], ticket = fields[2], order = fields[4] }
    end
  end
  return entries
end
`

/** ARGV: capacity, then one JSON text for each order. */
export const join = `${prelude}
local outcomes = {}
local waiting = redis.call('ZCARD', line)
for i = 2, #ARGV do
  local item = cjson.decode(ARGV[i])
  local key = ticketKey(item.ticket)
  local known = redis.call('HMGET', key, 'state', 'fingerprint', 'placed', 'answer')
  local state = known[1]
  local outcome
  if state and (state ~= 'answered' or known[3] == '1') then
    if known[2] ~= item.fingerprint then
      outcome = { tag = 'KeyReused' }
    elseif state == 'answered' then
      outcome = { tag = 'Placed', answer = known[4] }
    else
      outcome = { tag = 'Waiting', position = position(item.ticket) }
    end
  elseif waiting >= tonumber(ARGV[1]) then
    outcome = { tag = 'Full' }
  else
    local entry = redis.call('XADD', stream, '*', 'ticket', item.ticket, 'order', item.order)
    redis.call('DEL', key)
    redis.call('HSET', key, 'state', 'waiting', 'entry', entry, 'account', item.account,
      'fingerprint', item.fingerprint, 'wants', item.wants)
    redis.call('ZADD', line, redis.call('INCR', name .. ':numbers'), item.ticket)
    for sku, units in pairs(cjson.decode(item.wants)) do
      redis.call('ZADD', wantsKey(sku), units, item.ticket)
    end
    waiting = waiting + 1
    outcome = { tag = 'Waiting', position = position(item.ticket) }
  end
  outcomes[#outcomes + 1] = outcome
end
return array(outcomes)`

/** ARGV: tickets. */
export const find = `${prelude}
local states = {}
for _, id in ipairs(ARGV) do
  local known = redis.call('HMGET', ticketKey(id), 'account', 'answer')
  if not known[1] then
    states[#states + 1] = { tag = 'Unknown' }
  elseif known[2] then
    states[#states + 1] = { tag = 'Answered', account = known[1], answer = known[2] }
  else
    states[#states + 1] = { tag = 'Waiting', account = known[1], position = position(id) }
  end
end
return array(states)`

/** ARGV: consumer, limit, per second, seconds of burst. */
export const take = `${prelude}
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local perSecond = tonumber(ARGV[3])
local most = math.max(1, perSecond * tonumber(ARGV[4]))
local rate = redis.call('HMGET', name .. ':rate', 'left', 'at')
local left = most
if rate[1] then
  local gained = (now - tonumber(rate[2])) / 1000 * perSecond
  left = math.min(most, tonumber(rate[1]) + math.max(0, gained))
end
local limit = math.min(tonumber(ARGV[2]), math.floor(left))
local entries = {}
if limit >= 1 then
  local read = { 'XREADGROUP', 'GROUP', 'store', ARGV[1], 'COUNT', limit, 'STREAMS', stream, '>' }
  local found = redis.pcall(unpack(read))
  if found and found.err then
    ensureGroup()
    found = redis.call(unpack(read))
  end
  if found then entries = entriesOf(found[1][2]) end
  for _, each in ipairs(entries) do
    each.deliveries = 1
    leaveLine(each.ticket)
    if redis.call('HGET', ticketKey(each.ticket), 'state') == 'waiting' then
      redis.call('HSET', ticketKey(each.ticket), 'state', 'taken')
    end
  end
end
redis.call('HSET', name .. ':rate', 'left', string.format('%.6f', left - #entries),
  'at', string.format('%.3f', now))
return array(entries)`

/** ARGV: consumer, idle milliseconds, limit, milliseconds after which a consumer is forgotten. */
export const claim = `${prelude}
ensureGroup()
local found = redis.call('XAUTOCLAIM', stream, 'store', ARGV[1], ARGV[2], '0-0', 'COUNT', ARGV[3])
local entries = entriesOf(found[2])
for _, each in ipairs(entries) do
  local pending = redis.call('XPENDING', stream, 'store', each.entry, each.entry, 1)
  each.deliveries = pending[1][4]
end
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', stream, 'store')) do
  local facts = {}
  for i = 1, #consumer, 2 do facts[consumer[i]] = consumer[i + 1] end
  if facts.pending == 0 and facts.idle > tonumber(ARGV[4]) and facts.name ~= ARGV[1] then
    redis.call('XGROUP', 'DELCONSUMER', stream, 'store', facts.name)
  end
end
return array(entries)`

/** ARGV: consumer, idle milliseconds to be noted, number of deliveries or '', then entries. */
export const renew = `${prelude}
ensureGroup()
for i = 4, #ARGV do
  local pending = redis.call('XPENDING', stream, 'store', ARGV[i], ARGV[i], 1)
  if pending[1] and pending[1][2] == ARGV[1] then
    local claiming = { 'XCLAIM', stream, 'store', ARGV[1], 0, ARGV[i], 'IDLE', ARGV[2] }
    if ARGV[3] ~= '' then
      claiming[#claiming + 1] = 'RETRYCOUNT'
      claiming[#claiming + 1] = ARGV[3]
    end
    claiming[#claiming + 1] = 'JUSTID'
    redis.call(unpack(claiming))
  end
end
return 0`

const answering = `
local function answerTicket(item, ttl)
  local key = ticketKey(item.ticket)
  leaveLine(item.ticket)
  redis.call('HDEL', key, 'wants')
  redis.call('HSET', key, 'state', 'answered', 'answer', item.answer, 'placed', item.placed,
    'account', item.account, 'fingerprint', item.fingerprint, 'entry', item.entry)
  redis.call('PEXPIRE', key, ttl)
end
`

/**
 * ARGV: milliseconds that answers are kept, most dead letters, then one JSON text for each. Whose
 * ticket it is may be left out where it is not known.
 */
export const settle = `${prelude}${answering}
ensureGroup()
for i = 3, #ARGV do
  local item = cjson.decode(ARGV[i])
  local known = redis.call('HMGET', ticketKey(item.ticket), 'entry', 'placed', 'account',
    'fingerprint')
  item.account = item.account or known[3] or ''
  item.fingerprint = item.fingerprint or known[4] or ''
  if known[2] ~= '1' and (not known[1] or known[1] == item.entry or item.placed == '1') then
    answerTicket(item, ARGV[1])
  end
  local first = redis.call('XACK', stream, 'store', item.entry) == 1
  redis.call('XDEL', stream, item.entry)
  if first and item.dead then
    redis.call('XADD', name .. ':dead', 'MAXLEN', ARGV[2], '*', 'ticket', item.ticket,
      'account', item.account, 'order', item.order)
  end
end
return 0`

/** ARGV: SKU, units, limit. */
export const wanting = `${prelude}
local found = redis.call('ZRANGEBYSCORE', wantsKey(ARGV[1]), '(' .. ARGV[2], '+inf',
  'WITHSCORES', 'LIMIT', 0, ARGV[3])
local result = {}
for i = 1, #found, 2 do
  result[#result + 1] = { ticket = found[i], units = tonumber(found[i + 1]) }
end
return array(result)`

/** ARGV: milliseconds that answers are kept, then one JSON text for each. */
export const refuse = `${prelude}${answering}
local refused = 0
for i = 2, #ARGV do
  local item = cjson.decode(ARGV[i])
  local known = redis.call('HMGET', ticketKey(item.ticket), 'state', 'entry', 'account',
    'fingerprint')
  if known[1] == 'waiting' then
    item.entry, item.account, item.fingerprint = known[2], known[3], known[4]
    item.placed = '0'
    answerTicket(item, ARGV[1])
    redis.call('XDEL', stream, item.entry)
    refused = refused + 1
  end
end
return refused`

export const counts = `${prelude}
ensureGroup()
return { redis.call('ZCARD', line), redis.call('XPENDING', stream, 'store')[1],
  redis.call('XLEN', name .. ':dead') }`
