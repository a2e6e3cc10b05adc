-- Ends the hold of an operation. ARGV: operation id.
local held = holder()
if held and held.operation == ARGV[1] and not held.dropping then redis.call('UNLINK', HOLD) end
return {}
