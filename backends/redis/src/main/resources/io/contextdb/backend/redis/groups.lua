-- Answers each group as { name, position up to which all is settled, visibility, attempts }.
local found = {}
for _, name in ipairs(redis.call('HKEYS', GROUPS)) do
  local g = group(name)
  found[#found + 1] = { name, idOf(settled(g)), text(g.visibility), text(g.attempts) }
end
return found
