-- How events stand in the log, and who has claimed what.
local function heldKey(group) return META .. ':h:' .. group end     -- sorted set, by millisecond: until when a position is held
local function attemptsKey(group) return META .. ':a:' .. group end -- hash by position: how often it was delivered
local function deadKey(group) return META .. ':d:' .. group end     -- sorted set, by position: position, space, packed letter

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
