-- Answers the number of keys and of events.
local held = holder()
if held and held.dropping then return { 0, 0 } end
local now = math.floor(micros() / 1000)
while sweep(now, 1000) == 1000 do end
return { redis.call('ZCARD', INDEX), redis.call('XLEN', EVENTS) }
