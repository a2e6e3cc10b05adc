-- Applies the batch, all or nothing. Answers { 'OK', record, events of each claim }, or { reason, index of the mutation, version, key },
-- or { 'NEW' } if the namespace does not exist yet and must be registered first; a hold answers { 'OK', what became of it }. A record is the number of the commit and a line
-- for each result.
nowMicros = micros()
nowMillis = math.floor(nowMicros / 1000)
local meta = redis.call('HMGET', META, 'commit', 'born', 'floor', 'due')
local operationKey = META .. ':op:' .. operation

local function answer(record) return { 'OK', record, delivered } end

-- The receipt of the same batch, with the events of its claims as they are now.
local function repeated(record)
  for line in record:gmatch('[^\n]+') do
    if line:sub(1, 1) == 'X' then
      local events = {}
      for id in line:gmatch('(%d+%-%d+):') do events[#events + 1] = eventAt(id) end
      delivered[#delivered + 1] = events
    end
  end
  return answer(record)
end

local known = redis.call('MGET', HOLD, operationKey)
local held = holder(known[1] or '')
if held and (purpose == 'A' or held.dropping) then return refusedBy(held) end

if operation ~= '' then
  local stored = known[2] or ''
  local first = stored:match('^%d+\n()')
  if first then
    if stored:sub(first, first + 31) ~= digest then return { 'REUSED' } end
    if purpose == 'H' then return { 'OK', 'APPLIED' } end
    return repeated(stored:sub(first + 32))
  end
end
if held then
  if held.operation ~= operation then return refusedBy(held) end
  if held.digest ~= digest then return { 'REUSED' } end
  if purpose == 'H' then return { 'OK', 'FOUND' } end
end
if not meta[2] and registered ~= '1' then return { 'NEW' } end

-- The number of a commit is its time in units of 10 microseconds, and rises strictly whatever the clock does.
-- Of one that was dropped it goes on, so that who has read up to there misses nothing; and so do versions.
local past = pastOf(not meta[2] and redis.call('GET', PAST))
commit = math.max((tonumber(meta[1]) or past.commit) + 1, math.floor(nowMicros / 10))
floor = tonumber(meta[3] or past.floor)
due = meta[4] and tonumber(meta[4])

local count = 0
while at <= #ARGV do
  plan[take(1)](count)
  if failure then return failure end
  count = count + 1
end
if purpose == 'H' then
  redis.call('SET', HOLD, text(nowMicros) .. ' ' .. operation .. ' ' .. digest)
  return { 'OK', 'TAKEN' }
end
meet(INDEX, EXPIRY, ABOUT, EVENTS, PAYLOADS, GROUPS, operationKey)

-- From here on nothing fails, but that the server refuses the first write because it takes none.
local changed = { 'commit', text(commit) }
local function set(field, value, was)
  if value and value ~= was then
    changed[#changed + 1] = field
    changed[#changed + 1] = value
  end
end
set('born', meta[2] or text(commit), meta[2])
set('floor', text(floor), meta[3] or (meta[2] and '0'))
redis.call('HSET', META, unpack(changed))
for _, store in pairs(stores) do store() end
local lines = { text(commit) }
for index = 0, count - 1 do lines[index + 2] = later[index] and later[index]() or results[index] end
if due and due <= nowMillis then
  sweep(nowMillis, 100)
  local first = redis.call('ZRANGE', EXPIRY, 0, 0, 'WITHSCORES')
  due = first[2] and tonumber(first[2])
end
if due and text(due) ~= meta[4] then redis.call('HSET', META, 'due', text(due)) end
if meta[4] and not due then redis.call('HDEL', META, 'due') end
local record = table.concat(lines, '\n')
if operation ~= '' then
  redis.call('SET', operationKey, (meta[2] or text(commit)) .. '\n' .. digest .. record, 'PX', kept)
end
if held then redis.call('UNLINK', HOLD) end
-- Only a hint for those who wait; not having the right to it must not break the batch.
if appended then redis.pcall('PUBLISH', META .. ':appended', appended) end
return answer(record)
