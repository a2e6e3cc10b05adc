-- Reads dead letters. ARGV: group, position to go on after or '', most letters. Answers each as an event with its attempts, or
-- { 'NO_GROUP' }.
if redis.call('HEXISTS', GROUPS, ARGV[1]) == 0 then return { 'NO_GROUP' } end
local from = ARGV[2] == '' and '-' or '(' .. ARGV[2] .. '!'
local found = { 'OK' }
for _, letter in ipairs(redis.call('ZRANGEBYLEX', deadKey(ARGV[1]), from, '+', 'LIMIT', 0, tonumber(ARGV[3]))) do
  local dead = cmsgpack.unpack(letter:sub(41))
  found[#found + 1] = { dead.id, dead.type, dead.subject, dead.time, dead.kind, dead.payload, text(dead.attempts) }
end
return found
