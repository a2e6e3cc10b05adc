-- Answers how many keys are about subjects; ARGV: the subjects. What the index has of a key that expired since is passed over.
local count = 0
for _, subject in ipairs(ARGV) do
  local about = redis.call('ZRANGEBYLEX', ABOUT, '[' .. subject .. '\0k', '(' .. subject .. '\0l')
  for _, member in ipairs(about) do
    local head = redis.call('GETRANGE', entryKey(member:sub(#subject + 3)), 0, 63 + #subject)
    local length, start = head:match('^%d+ %d+ (%d+) ()')
    if length and tonumber(length) == #subject and head:sub(start, start + #subject - 1) == subject then count = count + 1 end
  end
end
return { count }
