-- Drops the namespace, a thousand keys at a time so that others wait for no more than that. Answers { 1 } if there is more.
-- Remembered operations are of the namespace that was born then, and mean nothing to one that is born later; they expire.
local MOST = 1000
local names = redis.call('ZRANGE', INDEX, 0, MOST - 1)
for _, name in ipairs(names) do redis.call('UNLINK', entryKey(name)) end
redis.call('ZREMRANGEBYRANK', INDEX, 0, MOST - 1)
if #names == MOST then return { 1 } end
local ends = redis.call('ZRANGE', EXPIRY, 0, MOST - 1)
for _, member in ipairs(ends) do
  if member:sub(1, 1) == 'l' then redis.call('UNLINK', limiterKey(member:sub(2))) end
end
redis.call('ZREMRANGEBYRANK', EXPIRY, 0, MOST - 1)
if #ends == MOST then return { 1 } end
for _, name in ipairs(redis.call('HKEYS', GROUPS)) do
  redis.call('UNLINK', heldKey(name), attemptsKey(name), deadKey(name))
end
redis.call('UNLINK', META, INDEX, EXPIRY, ABOUT, EVENTS, PAYLOADS, GROUPS, HOLD)
return { 0 }
