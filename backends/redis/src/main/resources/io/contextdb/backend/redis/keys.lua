-- Changes of keys. They are computed first, in tables, because a script that fails is not undone: nothing is written before
-- every condition of the batch was judged.
local entries, touched = {}, {}

local function entry(key)
  local e = entries[key]
  if e then return e end
  local head = redis.call('GETRANGE', entryKey(key), 0, 599)
  local version, expires, length, start = head:match('^(%d+) (%d+) (%d+) ()')
  e = { key = key, live = false, version = 0, expires = 0, subject = '' }
  if version then
    local value = start + tonumber(length)
    e.live, e.version, e.expires, e.subject = true, tonumber(version), tonumber(expires), head:sub(start, value - 1)
    e.valueAt = value - 1
    e.short = #head < 600 and head:sub(value) or nil
    e.was = { expires = e.expires, subject = e.subject }
  end
  entries[key] = e
  touched[#touched + 1] = e
  return e
end

local function write(e, value, expires, subject)
  e.version = (e.live and e.version or floor) + 1
  e.live, e.changed, e.value, e.short, e.expires, e.subject = true, true, value, value, expires, subject
  if expires > 0 and e.version > floor then floor = e.version end
  return e.version
end

local function remove(e)
  if e.live and e.version > floor then floor = e.version end
  e.live, e.changed, e.value, e.short, e.expires, e.subject = false, true, nil, nil, 0, ''
end

local function valueOf(e) return e.value or redis.call('GETRANGE', entryKey(e.key), e.valueAt, -1) end

-- Condition.admits: whether to apply, else the batch fails or, if it may be skipped, the mutation is left out.
local function admits(index, e, kind, version, skip)
  local current = e.live and text(e.version) or '0'
  local holds = kind == 'A' or (kind == 'N' and not e.live) or (kind == 'V' and current == version)
    or (purpose == 'F' and skip ~= '1') -- it was judged when the batch was decided
  if not holds and skip ~= '1' then refuse('PRECONDITION', text(index), current, e.key) end
  return holds, 'S ' .. current
end

local function put(index, key, value, ttl, subject, kind, version, skip)
  local e = entry(key)
  local holds, skipped = admits(index, e, kind, version, skip)
  if not holds then return skipped end
  return 'W ' .. text(write(e, value, ttl == '' and 0 or nowMillis + tonumber(ttl), subject))
end

local function delete(index, key, kind, version, skip)
  local e = entry(key)
  local holds, skipped = admits(index, e, kind, version, skip)
  if not holds then return skipped end
  local there = e.live and 1 or 0
  remove(e)
  return 'R ' .. there
end

local function expire(key, ttl)
  local e = entry(key)
  if not e.live then return 'S 0' end
  return 'W ' .. text(write(e, valueOf(e), nowMillis + tonumber(ttl), e.subject))
end

-- Signed 64-bit integers as decimal text: numbers of Lua are exact to 2^53 only. Split at 10^10, both parts signed alike.
local function parts(decimal)
  local sign, digits = decimal:match('^([+-]?)0*(%d+)$')
  local limit = sign == '-' and '9223372036854775808' or '9223372036854775807'
  if not digits or #digits > 19 or (#digits == 19 and digits > limit) then return nil end
  local factor = sign == '-' and -1 or 1
  return factor * (tonumber(digits:sub(1, -11)) or 0), factor * tonumber(digits:sub(-10))
end

local function sum(a, b)
  local highA, lowA = parts(a)
  local highB, lowB = parts(b)
  local high, low = highA + highB, lowA + lowB
  if low >= 1e10 then high, low = high + 1, low - 1e10 end
  if low <= -1e10 then high, low = high - 1, low + 1e10 end
  if high > 0 and low < 0 then high, low = high - 1, low + 1e10 end
  if high < 0 and low > 0 then high, low = high + 1, low - 1e10 end
  local sign = (high < 0 or low < 0) and '-' or ''
  high, low = math.abs(high), math.abs(low)
  local decimal = sign .. (high > 0 and string.format('%.0f%010.0f', high, low) or text(low))
  return parts(decimal) and decimal
end

local function increment(index, key, delta)
  local e = entry(key)
  local old = e.live and (e.short or '') or '0'
  if not parts(old) then return refuse('NO_COUNTER', text(index), '', key) end
  local value = sum(old, delta)
  if not value then return refuse('OVERFLOW', text(index), '', key) end
  return 'C ' .. value .. ' ' .. text(write(e, value, e.expires, e.subject))
end

-- Removes the keys about a subject, those of this batch included.
local function eraseKeys(subject)
  local about = redis.call('ZRANGEBYLEX', ABOUT, '[' .. subject .. '\0k', '(' .. subject .. '\0l')
  for _, member in ipairs(about) do entry(member:sub(#subject + 3)) end
  for _, e in ipairs(touched) do
    if e.live and e.subject == subject then remove(e) end
  end
end

function stores.keys()
  for _, e in ipairs(touched) do
    if e.changed then
      local was = e.was
      if was and was.expires > 0 and (was.expires ~= e.expires or was.subject ~= e.subject) then
        redis.call('ZREM', EXPIRY, 'k' .. was.subject .. '\0' .. e.key)
      end
      if was and was.subject ~= '' and was.subject ~= e.subject then
        redis.call('ZREM', ABOUT, was.subject .. '\0k' .. e.key)
      end
      if e.live then
        local packed = text(e.version) .. ' ' .. text(e.expires) .. ' ' .. #e.subject .. ' ' .. e.subject .. e.value
        if e.expires > 0 then
          redis.call('SET', entryKey(e.key), packed, 'PXAT', text(e.expires))
          ends(e.expires, 'k' .. e.subject .. '\0' .. e.key)
        else
          redis.call('SET', entryKey(e.key), packed)
        end
        if not was then redis.call('ZADD', INDEX, 0, e.key) end
        if e.subject ~= '' and (not was or was.subject ~= e.subject) then
          redis.call('ZADD', ABOUT, 0, e.subject .. '\0k' .. e.key)
        end
      elseif was then
        redis.call('UNLINK', entryKey(e.key))
        redis.call('ZREM', INDEX, e.key)
      end
    end
  end
end

function plan.P(index) results[index] = put(index, take(7)) end
function plan.D(index) results[index] = delete(index, take(4)) end
function plan.I(index) results[index] = increment(index, take(2)) end
function plan.X(index) results[index] = expire(take(2)) end
