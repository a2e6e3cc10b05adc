-- A batch as it is worked through: first each mutation is planned, which may refuse it and changes tables only, then all is written.
--   ARGV: operation id or '', digest, how long it is remembered in ms, '1' if the namespace was registered, '1' in a cluster,
--         what is to be done: 'A' apply, 'H' judge and hold the namespace for it, or 'F' finish what was decided; then the
--         mutations: a letter and its arguments.
local operation, digest, kept, registered, clustered, purpose = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5] == '1', ARGV[6]
local plan = {}     -- by letter of a mutation: what plans it; filled by the models that the batch is about
local stores = {}   -- what writes the planned changes of a model
local results = {}  -- by index, from 0: results that are known from planning
local later = {}    -- by index: what applies the others, and returns their results
local failure       -- why the batch is refused
local appended      -- id of the last event
local delivered = {} -- the events of each claim, as they were then
local floor         -- greatest version that a key which is gone, or will go by itself, has had
local due           -- millisecond of the first expiry

local function refuse(...) failure = failure or { ... } end

local at = 7
local function take(count)
  at = at + count
  return unpack(ARGV, at - count, at - 1)
end
local function takeList()
  local list = {}
  for i = 1, tonumber(take(1)) do list[i] = take(1) end
  return list
end

-- While a cluster moves the slot, a key that is elsewhere must be met before anything is written.
local function meet(...) if clustered then redis.call('EXISTS', ...) end end

local function ends(millis, member)
  redis.call('ZADD', EXPIRY, text(millis), member)
  if not due or millis < due then due = millis end
end
