-- Applies a batch, all or nothing, in one call.
--   ARGV: operation id or '', digest, how long it is remembered in ms, '1' if the namespace was registered, '1' in a cluster,
--         then the mutations: a letter and its arguments.
--   Answers { 'OK', record, events of claims }, or { reason, index of the mutation, version, key }, or { 'NEW' } if the
--   namespace does not exist yet and must be registered first. A record is the number of the commit and a line for each result.
local operation, digest, kept, registered, clustered = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5] == '1'
nowMicros = micros()
nowMillis = math.floor(nowMicros / 1000)
local meta = redis.call('HMGET', META, 'commit', 'born', 'floor')
local operationKey = META .. ':op:' .. operation

local function answer(record)
  local events = {}
  for id, e in pairs(delivered) do events[#events + 1] = e end
  return { 'OK', record, events }
end

-- The receipt of the same batch, with the events of its claims as they are now.
local function repeated(record)
  for line in record:gmatch('[^\n]+') do
    if line:sub(1, 1) == 'X' then
      for id in line:gmatch('(%d+%-%d+):') do delivered[id] = eventAt(id) end
    end
  end
  return answer(record)
end

if operation ~= '' and meta[2] then
  local stored = redis.call('GET', operationKey) or ''
  local born, first = stored:match('^(%d+)\n()')
  if born == meta[2] then
    if stored:sub(first, first + 31) ~= digest then return { 'REUSED' } end
    return repeated(stored:sub(first + 32))
  end
end
if not meta[2] and registered ~= '1' then return { 'NEW' } end

-- The number of a commit is its time in units of 10 microseconds, and rises strictly whatever the clock does.
commit = math.max((tonumber(meta[1]) or 0) + 1, math.floor(nowMicros / 10))
floor = tonumber(meta[3] or '0')

local at = 6
local function take(count)
  at = at + count
  local from = at - count
  return unpack(ARGV, from, at - 1)
end
local function takeList()
  local count = tonumber(take(1))
  local list = {}
  for i = 1, count do list[i] = ARGV[at + i - 1] end
  at = at + count
  return list
end

-- First everything that can fail, and that changes only tables.
local existing, results, later = {}, {}, {}
-- While a cluster moves the slot, a key that is elsewhere must be met before anything is written.
local function meet(...) if clustered then redis.call('EXISTS', ...) end end
local function needs(index, name)
  if existing[name] == nil then existing[name] = redis.call('HEXISTS', GROUPS, name) == 1 end
  if not existing[name] then refuse('NO_GROUP', text(index), '', name) end
  meet(heldKey(name), attemptsKey(name), deadKey(name))
end

local index = 0
while at <= #ARGV do
  local kind = take(1)
  local n = index
  local i = text(n)
  if kind == 'P' then results[n] = put(n, take(7))
  elseif kind == 'D' then results[n] = delete(n, take(4))
  elseif kind == 'I' then results[n] = increment(n, take(2))
  elseif kind == 'X' then results[n] = expire(take(2))
  elseif kind == 'L' then
    local name, permits, limit, window = take(4)
    meet(limiterKey(name))
    later[n] = function() return acquire(i, name, tonumber(permits), tonumber(limit), tonumber(window)) end
  elseif kind == 'A' then
    local type, subject, time, form, payload = take(5)
    later[n] = function() return append(i, type, subject, time, form, payload) end
  elseif kind == 'G' then
    local name, from, visibility, attempts = take(4)
    existing[name] = true
    later[n] = function() return createGroup(name, from, visibility, attempts) end
  elseif kind == 'R' then
    local name = take(1)
    existing[name] = false
    meet(heldKey(name), attemptsKey(name), deadKey(name))
    later[n] = function() return dropGroup(name) end
  elseif kind == 'C' then
    local name, limit = take(2)
    needs(n, name)
    later[n] = function() return claim(name, tonumber(limit)) end
  elseif kind == 'K' or kind == 'U' then
    local name = take(1)
    local positions = takeList()
    needs(n, name)
    later[n] = function() return (kind == 'K' and acknowledge or release)(name, positions) end
  elseif kind == 'T' then
    local before, keep, forced = take(3)
    later[n] = function() return trim(tonumber(before), tonumber(keep), forced) end
  elseif kind == 'E' then
    local subjects = takeList()
    for _, subject in ipairs(subjects) do eraseKeys(subject) end
    later[n] = function()
      for _, subject in ipairs(subjects) do eraseEvents(subject) end
      return 'R 0'
    end
  else
    return redis.error_reply('contextdb: unknown mutation ' .. kind)
  end
  if failure then return failure end
  index = index + 1
end
meet(INDEX, EXPIRY, ABOUT, EVENTS, PAYLOADS, GROUPS, operationKey)

-- Then everything is written. The first write is the one that is refused where the server takes none.
redis.call('HSET', META, 'commit', text(commit), 'born', meta[2] or text(commit), 'floor', text(floor))
storeKeys()
local lines = { text(commit) }
for n = 0, index - 1 do lines[n + 2] = later[n] and later[n]() or results[n] end
if appended then redis.call('HSET', META, 'last', appended) end
sweep(nowMillis, 100)
local record = table.concat(lines, '\n')
if operation ~= '' then
  redis.call('SET', operationKey, (meta[2] or text(commit)) .. '\n' .. digest .. record, 'PX', kept)
end
-- Only a hint for those who wait; not having the right to it must not break the batch.
if appended then redis.pcall('PUBLISH', META .. ':appended', appended) end
return answer(record)
