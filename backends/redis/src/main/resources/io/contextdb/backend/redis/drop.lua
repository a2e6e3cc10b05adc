-- Drops the namespace: at once for everybody, as it is held from the first call on, and a thousand keys with each call, so that others wait
-- for no more than that. Whoever comes upon a drop that is not at its end goes on with it.
--   ARGV: operation id or '', digest, how long what outlives is kept in ms, what is to be done: 'A' drop, 'H' hold the namespace for it, 'F'
--         finish what was decided, or 'C' go on with a drop that was begun.
-- Answers { 'OK', what became of it: number of the commit, or of a hold as apply.lua }, { 'MORE' }, or { 'REUSED' }.
local MOST = 1000
local operation, digest, kept, purpose = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local operationKey = META .. ':op:' .. operation
local known = redis.call('MGET', HOLD, operationKey)
local held = holder(known[1] or '')
local first -- number of the commit, if it was dropped by this operation

if operation ~= '' and known[2] then
  local start = known[2]:match('^%d+\n()')
  if known[2]:sub(start, start + 31) ~= digest then return { 'REUSED' } end
  first = known[2]:sub(start + 32)
  if purpose == 'H' then return { 'OK', 'APPLIED' } end
end

-- Removes some of what is left of a namespace that was dropped; whether there is more.
local function portion()
  local names = redis.call('ZRANGE', INDEX, 0, MOST - 1)
  for _, name in ipairs(names) do redis.call('UNLINK', entryKey(name)) end
  redis.call('ZREMRANGEBYRANK', INDEX, 0, MOST - 1)
  if #names == MOST then return true end
  local ends = redis.call('ZRANGE', EXPIRY, 0, MOST - 1)
  for _, member in ipairs(ends) do
    if member:sub(1, 1) == 'l' then redis.call('UNLINK', limiterKey(member:sub(2))) end
  end
  redis.call('ZREMRANGEBYRANK', EXPIRY, 0, MOST - 1)
  if #ends == MOST then return true end
  for _, name in ipairs(redis.call('HKEYS', GROUPS)) do
    redis.call('UNLINK', heldKey(name), attemptsKey(name), deadKey(name))
  end
  redis.call('UNLINK', INDEX, EXPIRY, ABOUT, EVENTS, PAYLOADS, GROUPS, HOLD)
  return false
end

if held and held.dropping then
  local more = portion()
  if more or (not first and purpose ~= 'C') then return { 'MORE' } end
  return { 'OK', first or '0' }
end
if first or purpose == 'C' then
  if first and held and held.operation == operation then redis.call('UNLINK', HOLD) end
  return { 'OK', first or '0' }
end
if held and purpose ~= 'A' then
  if held.operation ~= operation then return refusedBy(held) end
  if held.digest ~= digest then return { 'REUSED' } end
  if purpose == 'H' then return { 'OK', 'FOUND' } end
end
if purpose == 'H' then
  redis.call('SET', HOLD, text(micros()) .. ' ' .. operation .. ' ' .. digest)
  return { 'OK', 'TAKEN' }
end

local meta = redis.call('HMGET', META, 'commit', 'born')
if not meta[2] and purpose == 'A' then
  redis.call('UNLINK', HOLD)
  return { 'OK', '0' }
end

-- From here on it is dropped. Versions of later keys begin above all that there were, which is not known without a look at each: a key has
-- fewer versions than there were units of 10 microseconds.
nowMicros = micros()
local past = pastOf(redis.call('GET', PAST))
commit = text(math.max((tonumber(meta[1]) or past.commit) + 1, math.floor(nowMicros / 10)))
redis.call('SET', HOLD, 'd' .. text(nowMicros) .. ' ' .. operation .. ' ' .. digest)
redis.call('SET', PAST, commit .. ' ' .. commit, 'PX', kept)
if operation ~= '' then
  redis.call('SET', operationKey, (meta[2] or commit) .. '\n' .. digest .. commit, 'PX', kept)
end
redis.call('UNLINK', META)
if portion() then return { 'MORE' } end
return { 'OK', commit }
