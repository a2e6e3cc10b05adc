-- The keys of one namespace, and how events stand in them. KEYS[1] is the root of the namespace, "contextdb:{name}"; all keys
-- carry its hash tag, so that a cluster keeps a namespace in one slot. Every script begins with this text.
local META = KEYS[1]                  -- hash: born, commit, floor, last
local INDEX = META .. ':index'        -- sorted set, by name: keys
local EXPIRY = META .. ':expiry'      -- sorted set, by millisecond of expiry: 'k' subject NUL key, and 'l' limiter
local ABOUT = META .. ':about'        -- sorted set, by name: subject NUL, then 'k' key, 'e' position or 'd' position group
local EVENTS = META .. ':events'      -- stream: the log
local PAYLOADS = META .. ':payloads'  -- hash by event id: payloads of events that have a subject
local GROUPS = META .. ':groups'      -- hash by group: from, claimed to, visibility, attempts

local function entryKey(key) return META .. ':k:' .. key end        -- string: version, expiry, length of subject, subject, value
local function limiterKey(name) return META .. ':l:' .. name end    -- sorted set, by microsecond: permits given; 'span', 'used'
local function heldKey(group) return META .. ':h:' .. group end     -- sorted set, by millisecond: until when a position is held
local function attemptsKey(group) return META .. ':a:' .. group end -- hash by position: how often it was delivered
local function deadKey(group) return META .. ':d:' .. group end     -- sorted set, by position: position, space, packed letter

local nowMicros, nowMillis, commit -- the time of the call and the number of its commit, where one is made

-- Numbers up to 2^53 as decimal text; what may be greater stays text.
local function text(number) return string.format('%.0f', number) end

local function micros()
  local clock = redis.call('TIME')
  return tonumber(clock[1]) * 1000000 + tonumber(clock[2])
end

-- Positions that compare as texts, and the ids of the stream.
local function position(id)
  local commit, sequence = id:match('^(%d+)%-(%d+)$')
  return ('0'):rep(19 - #commit) .. commit .. '-' .. ('0'):rep(19 - #sequence) .. sequence
end

local function idOf(padded)
  local commit, sequence = padded:match('^0*(%d+)%-0*(%d+)$')
  return commit .. '-' .. sequence
end

-- An item of the stream as { id, type, subject, time, kind, payload }; kind x has lost its payload to an erasure.
local function event(item)
  local fields = item[2]
  local kind, payload = fields[8], fields[10]
  if fields[4] ~= '' then
    payload = redis.call('HGET', PAYLOADS, item[1])
    if not payload then kind, payload = 'x', '' end
  end
  return { item[1], fields[2], fields[4], fields[6], kind, payload }
end

local function eventAt(id)
  local items = redis.call('XRANGE', EVENTS, id, id)
  return items[1] and event(items[1])
end

-- Who has claimed what of a group.
local function group(name)
  local stored = redis.call('HGET', GROUPS, name)
  if not stored then return nil end
  local from, claimed, visibility, attempts = stored:match('^(%S+) (%S+) (%S+) (%S+)$')
  return { name = name, from = from, claimed = claimed, visibility = tonumber(visibility), attempts = tonumber(attempts) }
end

-- The position up to which a group has settled everything.
local function settled(g)
  local first
  for _, held in ipairs(redis.call('HKEYS', attemptsKey(g.name))) do
    if not first or held < first then first = held end
  end
  if not first then return g.claimed end
  local before = redis.call('XREVRANGE', EVENTS, '(' .. idOf(first), '-', 'COUNT', 1)
  local last = before[1] and position(before[1][1])
  return last and last > g.from and last or g.from
end

-- Takes expired keys and idle limiters out of the indexes, some at a time; their values are gone by themselves.
local function sweep(now, most)
  local expired = redis.call('ZRANGEBYSCORE', EXPIRY, '-inf', text(now), 'LIMIT', 0, most)
  for _, member in ipairs(expired) do
    if member:sub(1, 1) == 'k' then
      local subject, key = member:match('^k(.-)%z(.*)$')
      local head = redis.call('GETRANGE', entryKey(key), 0, 599)
      if head == '' then redis.call('ZREM', INDEX, key) end
      if subject ~= '' then
        local length, start = head:match('^%d+ %d+ (%d+) ()')
        if not length or head:sub(start, start + length - 1) ~= subject then
          redis.call('ZREM', ABOUT, subject .. '\0k' .. key)
        end
      end
    end
    redis.call('ZREM', EXPIRY, member)
  end
  return #expired
end
