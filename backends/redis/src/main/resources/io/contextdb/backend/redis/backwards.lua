-- Reads the newest events. ARGV: id to read before, most events, most bytes of payloads, number of types, types…, subjects….
-- Answers { id down to which was looked, '1' if that is the beginning, event, event, … }, newest first; looks at so many only and then
-- stops early. Events about subjects are looked up by them, others are read from the end of the log.
local LOOKS = 5000
local before, limit, most, count = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local types, subjects, seen, lookedUp = {}, {}, {}, true
for i = 5, 4 + count do types[ARGV[i]] = true end
for i = 5 + count, #ARGV do
  if not seen[ARGV[i]] then subjects[#subjects + 1] = ARGV[i] end
  seen[ARGV[i]] = true
  lookedUp = lookedUp and ARGV[i] ~= ''
end
lookedUp = lookedUp and #subjects > 0
local anyType, anySubject = next(types) == nil, #subjects == 0
local found, bytes, looks = { before, '0' }, 0, 0

local function full() return #found >= limit + 2 or bytes >= most end

local function look(item)
  found[1] = item[1]
  looks = looks + 1
  if (anyType or types[item[2][2]]) and (anySubject or seen[item[2][4]]) then
    local e = event(item)
    found[#found + 1] = e
    bytes = bytes + #e[6]
  end
end

-- The last positions about the subjects before the one that was looked at, newest first; all of them, or as many as may be looked at.
local function positionsAbout()
  local each = math.max(1, math.floor(LOOKS / #subjects))
  each = math.min(each, anyType and limit or math.max(100, 2 * limit)) -- types leave some out
  local positions, bound = {}, nil
  for _, subject in ipairs(subjects) do
    local members = redis.call(
      'ZREVRANGEBYLEX', ABOUT, '(' .. subject .. '\0e' .. position(found[1]), '[' .. subject .. '\0e', 'LIMIT', 0, each)
    for _, member in ipairs(members) do positions[#positions + 1] = member:sub(#subject + 3) end
    if #members == each then
      -- Older ones of this subject may not have been listed, so nothing older than its last may be answered yet.
      local last = positions[#positions]
      if not bound or last > bound then bound = last end
    end
  end
  table.sort(positions, function(a, b) return a > b end)
  return positions, bound
end

if lookedUp then
  local positions, bound = positionsAbout()
  found[2] = bound and '0' or '1'
  for _, padded in ipairs(positions) do
    if full() or (bound and padded < bound) then
      found[2] = '0'
      break
    end
    local id = idOf(padded)
    look(redis.call('XRANGE', EVENTS, id, id)[1])
  end
  return found
end

local step = 20 -- items at a time: as many as fit into 4 MiB, by the size of those before
while looks < LOOKS and not full() do
  local asked = anyType and anySubject and math.min(step, limit + 2 - #found) or step
  local size = 1
  local items = redis.call('XREVRANGE', EVENTS, '(' .. found[1], '-', 'COUNT', asked)
  for _, item in ipairs(items) do
    if full() then break end
    look(item)
    size = size + #(item[2][10] or '')
  end
  if #items < asked then
    if #items == 0 or found[1] == items[#items][1] then found[2] = '1' end
    break
  end
  step = math.max(1, math.min(500, math.floor(4 * 1024 * 1024 * #items / size)))
end
return found
