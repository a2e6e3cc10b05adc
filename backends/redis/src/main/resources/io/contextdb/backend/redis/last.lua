-- Answers the id of the last event, if there is one; without its payload.
local last = redis.call('XREVRANGE', EVENTS, '+', '-', 'COUNT', 1)
return { last[1] and last[1][1] }
