-- Reads keys in their order. ARGV: prefix, key to go on after or '', most entries, most bytes of values.
-- Answers { key to go on after or '', key, packed entry, key, packed entry, … }.
local prefix, after, limit, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local from = after ~= '' and '(' .. after or '[' .. prefix
local found, bytes, full = { '' }, 0, false
while not full do
  local names = redis.call('ZRANGEBYLEX', INDEX, from, '(' .. prefix .. '\255', 'LIMIT', 0, 100)
  if #names == 0 then break end
  for _, name in ipairs(names) do
    local packed = redis.call('GET', entryKey(name))
    if packed and #found > limit * 2 then
      full = true
    elseif packed then
      found[#found + 1] = name
      found[#found + 1] = packed
      bytes = bytes + #packed
      full = bytes >= most
    end
    if full then break end
  end
  from = '(' .. names[#names]
end
if full then found[1] = found[#found - 1] end
return found
