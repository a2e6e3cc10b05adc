-- Reads dead letters. ARGV: group, position to go on after or '', most letters, most bytes of payloads. Answers { 'OK', '1' if there are
-- more, letter, letter, … }, each as an event with its attempts, or { 'NO_GROUP' }.
local name, from, limit, most = ARGV[1], ARGV[2] == '' and '-' or '(' .. ARGV[2] .. '!', tonumber(ARGV[3]), tonumber(ARGV[4])
if redis.call('HEXISTS', GROUPS, name) == 0 then return { 'NO_GROUP' } end
local found, bytes = { 'OK', '0' }, 0
while true do
  local letters = redis.call('ZRANGEBYLEX', deadKey(name), from, '+', 'LIMIT', 0, 20)
  for _, letter in ipairs(letters) do
    if #found >= limit + 2 or bytes >= most then
      found[2] = '1'
      return found
    end
    local dead = cmsgpack.unpack(letter:sub(41))
    found[#found + 1] = { dead.id, dead.type, dead.subject, dead.time, dead.kind, dead.payload, text(dead.attempts) }
    bytes = bytes + #dead.payload
    from = '(' .. letter:sub(1, 39) .. '!'
  end
  if #letters < 20 then return found end
end
