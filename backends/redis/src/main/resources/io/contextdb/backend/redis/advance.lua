-- Moves the watermark, which is the key itself here and no root of a namespace. ARGV: what it must be, '' for none, and what it becomes.
if (redis.call('GET', META) or '') ~= ARGV[1] then return { 0 } end
redis.call('SET', META, ARGV[2])
return { 1 }
