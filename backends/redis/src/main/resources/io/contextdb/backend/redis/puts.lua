-- Puts of keys without condition or subject, each a batch of its own. Most batches are such, so they are done straight away, as apply.lua
-- would do them, instead of planned.
--   ARGV: how long operations are remembered in ms, then for each put: operation id or '', digest, key, value, time to live in ms or ''.
-- Answers the number of the commit and the version of the key for each put; 0 and 0, or nothing at all, where something is to be done
-- or said that is not the usual: then nothing was changed, and apply.lua is to have the batch.
local meta = redis.call('HMGET', META, 'commit', 'born', 'floor', 'due')
local born, floor, due = meta[2], tonumber(meta[3] or '0'), tonumber(meta[4] or '9007199254740992')
if not born or redis.call('EXISTS', HOLD) == 1 then return {} end
nowMicros = micros()
nowMillis = math.floor(nowMicros / 1000)
if due <= nowMillis then return {} end
commit = math.max(tonumber(meta[1]) + 1, math.floor(nowMicros / 10)) - 1

local wasCommit, wasFloor, wasDue = commit, floor, due
local answer = {}

-- The version that a put of the key replaces, and its expiry; none if the key is about a subject or cannot be read.
local function replaced(place)
  local head = redis.pcall('GETRANGE', place, 0, 39)
  if head == '' then return floor, '' end
  if type(head) == 'string' then return head:match('^(%d+) (%d+) 0 ') end
end

-- Remembers the operation; not if it is known.
local function remembers(operation, digest, record)
  return operation == ''
    or redis.call('SET', META .. ':op:' .. operation, born .. '\n' .. digest .. record, 'PX', ARGV[1], 'NX')
end

local function write(place, was, key, value, ttl, version)
  if ttl == '' then
    redis.call('SET', place, text(version) .. ' 0 0 ' .. value)
    if was ~= '' and was ~= '0' then redis.call('ZREM', EXPIRY, 'k\0' .. key) end
  else
    local expires = nowMillis + tonumber(ttl)
    redis.call('SET', place, text(version) .. ' ' .. text(expires) .. ' 0 ' .. value, 'PXAT', text(expires))
    redis.call('ZADD', EXPIRY, text(expires), 'k\0' .. key)
    floor, due = math.max(floor, version), math.min(due, expires)
  end
  if was == '' then redis.call('ZADD', INDEX, 0, key) end
end

for i = 2, #ARGV, 5 do
  local operation, digest, key, value, ttl = unpack(ARGV, i, i + 4)
  local place = entryKey(key)
  local version, was = replaced(place)
  version = version and version + 1
  if version and remembers(operation, digest, text(commit + 1) .. '\nW ' .. text(version)) then
    commit = commit + 1
    write(place, was, key, value, ttl, version)
    answer[#answer + 1] = commit
    answer[#answer + 1] = version
  else
    answer[#answer + 1] = 0
    answer[#answer + 1] = 0
  end
end
if commit > wasCommit then redis.call('HSET', META, 'commit', text(commit)) end
if floor > wasFloor then redis.call('HSET', META, 'floor', text(floor)) end
if due < wasDue then redis.call('HSET', META, 'due', text(due)) end
return answer
