/**
 * The gate's Lua. A counter is a string with an end; one that is not there is not guarded. Each
 * script runs as a whole, so requests of one call are admitted one after the other in their order.
 */

/**
 * KEYS: the counters. ARGV: per request the number of its lines, and per line the counter's index
 * and the quantity. Answers the levels after all (-1: not guarded), then per request 0 when it
 * passed, or the index of the line that did not and what there was at that moment.
 */
export const enterScript = `
local levels = redis.call('MGET', unpack(KEYS))
local taken = {}
for i = 1, #KEYS do levels[i] = tonumber(levels[i]) end
local answers, at = {}, 1
while at <= #ARGV do
  local lines, refused = tonumber(ARGV[at]), 0
  for line = 1, lines do
    local level = levels[tonumber(ARGV[at + line * 2 - 1])]
    if level and level < tonumber(ARGV[at + line * 2]) then
      refused = line
      answers[#answers + 1] = line
      answers[#answers + 1] = math.max(level, 0)
      break
    end
  end
  if refused == 0 then
    answers[#answers + 1] = 0
    for line = 1, lines do
      local key, quantity = tonumber(ARGV[at + line * 2 - 1]), tonumber(ARGV[at + line * 2])
      if levels[key] then
        levels[key] = levels[key] - quantity
        taken[key] = (taken[key] or 0) + quantity
      end
    end
  end
  at = at + lines * 2 + 1
end
for key, quantity in pairs(taken) do redis.call('DECRBY', KEYS[key], quantity) end
local all = {}
for i = 1, #KEYS do all[i] = levels[i] and math.max(levels[i], 0) or -1 end
for i = 1, #answers do all[#KEYS + i] = answers[i] end
return all
`

/** KEYS: the counters. ARGV: the units that come back to each. Answers the levels, or -1. */
export const leaveScript = `
local levels = {}
for i = 1, #KEYS do
  levels[i] = redis.call('EXISTS', KEYS[i]) == 1 and redis.call('INCRBY', KEYS[i], ARGV[i]) or -1
end
return levels
`

/** KEYS: the counters. ARGV: milliseconds until they end, then the level of each. */
export const setScript = `
for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[i + 1], 'PX', ARGV[1]) end
return #KEYS
`

/**
 * KEYS: the list of what is guarded, by end. ARGV: the time, and for each key its end and name.
 * Forgets those whose end has come.
 */
export const listScript = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
for i = 2, #ARGV, 2 do redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i + 1]) end
return redis.call('ZCARD', KEYS[1])
`
