-- Reads events. ARGV: id to read after, most events, most bytes of payloads, number of types, types…, subjects….
-- Answers { id up to which was looked, '1' if that is the end, event, event, … }; looks at so many only and then stops early.
local LOOKS = 20000
local after, limit, most, count = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local types, subjects = {}, {}
for i = 5, 4 + count do types[ARGV[i]] = true end
for i = 5 + count, #ARGV do subjects[ARGV[i]] = true end
local anyType, anySubject = next(types) == nil, next(subjects) == nil
local found, bytes, looks = { after, '0' }, 0, 0
local step = 20 -- items at a time: as many as fit into 4 MiB, by the size of those before
while looks < LOOKS and #found < limit + 2 and bytes < most do
  local asked = anyType and anySubject and math.min(step, limit + 2 - #found) or step
  local size = 1
  local items = redis.call('XRANGE', EVENTS, '(' .. found[1], '+', 'COUNT', asked)
  for _, item in ipairs(items) do
    if #found >= limit + 2 or bytes >= most then break end
    found[1] = item[1]
    looks = looks + 1
    size = size + #(item[2][10] or '')
    if (anyType or types[item[2][2]]) and (anySubject or subjects[item[2][4]]) then
      local e = event(item)
      found[#found + 1] = e
      bytes = bytes + #e[6]
    end
  end
  if #items < asked then
    if #items == 0 or found[1] == items[#items][1] then found[2] = '1' end
    break
  end
  step = math.max(1, math.min(500, math.floor(4 * 1024 * 1024 * #items / size)))
end
return found
