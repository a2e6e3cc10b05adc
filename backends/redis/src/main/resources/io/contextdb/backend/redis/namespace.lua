-- The keys of one namespace, and how events stand in them. KEYS[1] is the root of the namespace, "contextdb:{name}"; all keys
-- carry its hash tag, so that a cluster keeps a namespace in one slot. Every script begins with this text.
local META = KEYS[1]                  -- hash: commit, born, floor, due
local INDEX = META .. ':index'        -- sorted set, by name: keys
local EXPIRY = META .. ':expiry'      -- sorted set, by millisecond of expiry: 'k' subject NUL key, and 'l' limiter
local ABOUT = META .. ':about'        -- sorted set, by name: subject NUL, then 'k' key, 'e' position or 'd' position group
local EVENTS = META .. ':events'      -- stream: the log
local PAYLOADS = META .. ':payloads'  -- hash by event id: payloads of events that have a subject
local GROUPS = META .. ':groups'      -- hash by group: from, claimed to, visibility, attempts
local HOLD = META .. ':hold'          -- string: microsecond, operation id, digest; while another store decides of that batch. Begins
                                      -- with a d while what is left of a dropped namespace is removed
local PAST = META .. ':past'          -- string: last commit and greatest version of a dropped namespace, for as long as operations are kept

local function entryKey(key) return META .. ':k:' .. key end        -- string: version, expiry, length of subject, subject, value
local function limiterKey(name) return META .. ':l:' .. name end    -- sorted set, by microsecond: permits given; 'span', 'used'

local nowMicros, nowMillis, commit -- the time of the call and the number of its commit, where one is made

-- Numbers up to 2^53 as decimal text; what may be greater stays text.
local function text(number) return string.format('%.0f', number) end

local function micros()
  local clock = redis.call('TIME')
  return tonumber(clock[1]) * 1000000 + tonumber(clock[2])
end

-- The batch that the namespace is held for, if it is; read unless it was.
local function holder(stored)
  local dropping, since, operation, digest = (stored or redis.call('GET', HOLD) or ''):match('^(d?)(%d+) (%S*) (.*)$')
  if since then
    return { since = tonumber(since), operation = operation, digest = digest, dropping = dropping == 'd' }
  end
end

-- What outlives a namespace that was dropped: what is new begins above it.
local function pastOf(stored)
  local last, version = (stored or ''):match('^(%d+) (%d+)$')
  return { commit = tonumber(last or '0'), floor = tonumber(version or '0') }
end

local function refusedBy(held)
  if held.dropping then return redis.error_reply('DROPPING the namespace is being dropped') end
  return redis.error_reply('HELD for=' .. text(math.max(0, micros() - held.since)) .. ' operation=' .. held.operation)
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
