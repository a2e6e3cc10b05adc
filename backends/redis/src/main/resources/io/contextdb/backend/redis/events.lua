-- Changes of the event log and its groups. They cannot fail once the groups that they name were found to exist.
local CLAIMED_BYTES = 32 * 1024 * 1024 -- a claim stops beyond, so that an answer stays small

local function append(index, kind, subject, time, form, payload)
  local id = text(commit) .. '-' .. index
  time = time == '' and text(commit * 10) or time
  if subject == '' then
    redis.call('XADD', EVENTS, id, 't', kind, 's', '', 'e', time, 'k', form, 'p', payload)
  else
    redis.call('XADD', EVENTS, id, 't', kind, 's', subject, 'e', time, 'k', form)
    redis.call('HSET', PAYLOADS, id, payload)
    redis.call('ZADD', ABOUT, 0, subject .. '\0e' .. position(id))
  end
  appended = id
  return 'A'
end

local function storeGroup(g)
  redis.call('HSET', GROUPS, g.name, g.from .. ' ' .. g.claimed .. ' ' .. text(g.visibility) .. ' ' .. text(g.attempts))
end

local function createGroup(name, from, visibility, attempts)
  if redis.call('HEXISTS', GROUPS, name) == 0 then
    storeGroup({
      name = name, from = from, claimed = from, visibility = tonumber(visibility), attempts = tonumber(attempts) })
  end
  return 'D'
end

local function forgetDead(name, letter)
  local dead = cmsgpack.unpack(letter:sub(41))
  redis.call('ZREM', deadKey(name), letter)
  if dead.subject ~= '' then redis.call('ZREM', ABOUT, dead.subject .. '\0d' .. letter:sub(1, 39) .. name) end
end

local function letterAt(name, padded)
  return redis.call('ZRANGEBYLEX', deadKey(name), '[' .. padded .. ' ', '(' .. padded .. '!')[1]
end

local function bury(name, padded, e, attempts)
  local letter = { attempts = attempts, id = e[1], type = e[2], subject = e[3], time = e[4], kind = e[5], payload = e[6] }
  redis.call('ZADD', deadKey(name), 0, padded .. ' ' .. cmsgpack.pack(letter))
  if e[3] ~= '' then redis.call('ZADD', ABOUT, 0, e[3] .. '\0d' .. padded .. name) end
end

local function dropGroup(name)
  for _, letter in ipairs(redis.call('ZRANGE', deadKey(name), 0, -1)) do forgetDead(name, letter) end
  redis.call('UNLINK', heldKey(name), attemptsKey(name))
  return 'R ' .. redis.call('HDEL', GROUPS, name)
end

local function letGo(name, padded)
  redis.call('ZREM', heldKey(name), padded)
  return redis.call('HDEL', attemptsKey(name), padded)
end

local function claim(name, limit)
  local g = group(name)
  local till = text(nowMillis + g.visibility)
  local claims, events, bytes = {}, {}, 0
  local function deliver(padded, e, attempt)
    redis.call('HSET', attemptsKey(name), padded, attempt)
    redis.call('ZADD', heldKey(name), till, padded)
    claims[#claims + 1] = e[1] .. ':' .. attempt .. ':' .. till
    events[#events + 1] = e
    bytes = bytes + #e[6]
  end
  local function full() return #claims >= limit or bytes >= CLAIMED_BYTES end

  -- Nothing is held for longer than that; what is, was so before the clock was set back.
  for _, padded in ipairs(redis.call('ZRANGEBYSCORE', heldKey(name), '(' .. till, '+inf')) do
    redis.call('ZADD', heldKey(name), till, padded)
  end
  local again = redis.call('ZRANGEBYSCORE', heldKey(name), '-inf', text(nowMillis))
  table.sort(again)
  for _, padded in ipairs(again) do
    local attempts = tonumber(redis.call('HGET', attemptsKey(name), padded))
    local spent = attempts >= g.attempts
    -- What is neither given up nor delivered is not read: there may be much of it, and payloads are large.
    if spent or not full() then
      local e = eventAt(idOf(padded))
      if not e then
        letGo(name, padded)
      elseif spent then
        letGo(name, padded)
        bury(name, padded, e, attempts)
      else
        deliver(padded, e, attempts + 1)
      end
    end
  end
  while not full() do
    local items = redis.call(
      'XRANGE', EVENTS, '(' .. idOf(g.claimed), '+', 'COUNT', math.min(limit - #claims, 20))
    if #items == 0 then break end
    for _, item in ipairs(items) do
      if full() then break end
      g.claimed = position(item[1])
      deliver(g.claimed, event(item), 1)
    end
  end
  storeGroup(g)
  delivered[#delivered + 1] = events
  return 'X ' .. table.concat(claims, ',')
end

local function acknowledge(name, positions)
  local count = 0
  for _, padded in ipairs(positions) do
    local letter = letterAt(name, padded)
    if letter then forgetDead(name, letter) end
    if letGo(name, padded) > 0 or letter then count = count + 1 end
  end
  return 'R ' .. count
end

local function release(name, positions)
  local count = 0
  for _, padded in ipairs(positions) do
    local till = tonumber(redis.call('ZSCORE', heldKey(name), padded) or '0')
    if till > nowMillis then
      redis.call('ZADD', heldKey(name), text(nowMillis), padded)
      count = count + 1
    end
  end
  return 'R ' .. count
end

local function trim(before, keep, forced)
  local names = redis.call('HKEYS', GROUPS)
  local last
  if forced ~= '1' then
    for _, name in ipairs(names) do
      local upTo = settled(group(name))
      if not last or upTo < last then last = upTo end
    end
  end
  local surplus, removed, going = redis.call('XLEN', EVENTS) - keep, 0, true
  while going and removed < surplus do
    local items = redis.call('XRANGE', EVENTS, '-', '+', 'COUNT', math.min(surplus - removed, 50))
    local ids = {}
    for _, item in ipairs(items) do
      local id, padded, subject = item[1], position(item[1]), item[2][4]
      if (before and tonumber(padded:sub(1, 19)) * 10 >= before) or (last and padded > last) then
        going = false
        break
      end
      if subject ~= '' then
        redis.call('HDEL', PAYLOADS, id)
        redis.call('ZREM', ABOUT, subject .. '\0e' .. padded)
      end
      for _, name in ipairs(names) do letGo(name, padded) end
      ids[#ids + 1] = id
    end
    if #ids == 0 then break end
    redis.call('XDEL', EVENTS, unpack(ids))
    removed = removed + #ids
  end
  return 'R ' .. removed
end

-- Empties the payloads of events about a subject, in the log and among dead letters; positions stay.
local function eraseEvents(subject)
  local about = redis.call('ZRANGEBYLEX', ABOUT, '[' .. subject .. '\0d', '(' .. subject .. '\0f')
  for _, member in ipairs(about) do
    local kind, padded = member:sub(#subject + 2, #subject + 2), member:sub(#subject + 3, #subject + 41)
    if kind == 'e' then
      redis.call('HDEL', PAYLOADS, idOf(padded))
    else
      local name = member:sub(#subject + 42)
      local letter = letterAt(name, padded)
      local dead = cmsgpack.unpack(letter:sub(41))
      dead.kind, dead.payload = 'x', ''
      redis.call('ZREM', deadKey(name), letter)
      redis.call('ZADD', deadKey(name), 0, padded .. ' ' .. cmsgpack.pack(dead))
    end
  end
end

local existing = {} -- whether groups exist, as the batch goes on
local function meetGroup(name) meet(heldKey(name), attemptsKey(name), deadKey(name)) end
local function needs(index, name)
  if existing[name] == nil then existing[name] = redis.call('HEXISTS', GROUPS, name) == 1 end
  if not existing[name] then refuse('NO_GROUP', text(index), '', name) end
  meetGroup(name)
end

function plan.A(index)
  local kind, subject, time, form, payload = take(5)
  later[index] = function() return append(text(index), kind, subject, time, form, payload) end
end

function plan.G(index)
  local name, from, visibility, attempts = take(4)
  existing[name] = true
  later[index] = function() return createGroup(name, from, visibility, attempts) end
end

function plan.R(index)
  local name = take(1)
  existing[name] = false
  meetGroup(name)
  later[index] = function() return dropGroup(name) end
end

function plan.C(index)
  local name, limit = take(2)
  needs(index, name)
  later[index] = function() return claim(name, tonumber(limit)) end
end

function plan.K(index)
  local name, positions = take(1), takeList()
  needs(index, name)
  later[index] = function() return acknowledge(name, positions) end
end

function plan.U(index)
  local name, positions = take(1), takeList()
  needs(index, name)
  later[index] = function() return release(name, positions) end
end

function plan.T(index)
  local before, keep, forced = take(3)
  later[index] = function() return trim(tonumber(before), tonumber(keep), forced) end
end
