-- Answers the commands that the user may not use on keys of the prefix: a script that finds out half-way is not undone. Redis 6
-- cannot tell, and answers none.
local key, id = META, '1-1'
local needed = {
  { 'TIME' }, { 'GET', key }, { 'MGET', key }, { 'SET', key, 'v', 'PXAT', '1' }, { 'GETRANGE', key, '0', '1' },
  { 'EXISTS', key }, { 'UNLINK', key }, { 'PEXPIREAT', key, '1' }, { 'HSET', key, 'f', 'v' }, { 'HGET', key, 'f' },
  { 'HMGET', key, 'f' }, { 'HDEL', key, 'f' }, { 'HEXISTS', key, 'f' }, { 'HKEYS', key }, { 'ZADD', key, '0', 'm' },
  { 'ZREM', key, 'm' }, { 'ZSCORE', key, 'm' }, { 'ZMSCORE', key, 'm' }, { 'ZCARD', key }, { 'ZRANGE', key, '0', '1' },
  { 'ZRANGEBYLEX', key, '-', '+' }, { 'ZRANGEBYSCORE', key, '0', '1' }, { 'ZREMRANGEBYSCORE', key, '0', '1' },
  { 'ZREMRANGEBYRANK', key, '0', '1' }, { 'XADD', key, id, 'f', 'v' }, { 'XRANGE', key, '-', '+' },
  { 'XREVRANGE', key, '+', '-' }, { 'XDEL', key, id }, { 'XLEN', key },
}
local missing = {}
for _, command in ipairs(needed) do
  if redis.acl_check_cmd and not redis.acl_check_cmd(unpack(command)) then missing[#missing + 1] = command[1] end
end
return missing
