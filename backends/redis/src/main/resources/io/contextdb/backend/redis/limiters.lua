-- Sliding-window limiters: a log of what was given, exact. The log is kept for the longest window that was asked for; the
-- members 'span' and 'used' hold that window and the permits in the log, as negative scores beside the times of permits.
local function acquire(index, name, permits, limit, window)
  local key = limiterKey(name)
  local marks = redis.call('ZMSCORE', key, 'span', 'used')
  local span = math.max(window, -(tonumber(marks[1] or '0')))
  local used = -(tonumber(marks[2] or '0'))
  local gone = redis.call('ZRANGEBYSCORE', key, '1', text(nowMicros - span))
  for _, grant in ipairs(gone) do used = used - tonumber(grant:match('%d+$')) end
  if #gone > 0 then redis.call('ZREMRANGEBYSCORE', key, '1', text(nowMicros - span)) end
  local within = used
  if window < span then
    within = 0
    for _, grant in ipairs(redis.call('ZRANGEBYSCORE', key, '(' .. text(nowMicros - window), '+inf')) do
      within = within + tonumber(grant:match('%d+$'))
    end
  end
  local allowed = within + permits <= limit
  if allowed then
    used, within = used + permits, within + permits
    local grant = text(commit) .. '-' .. index .. '-' .. text(permits)
    redis.call('ZADD', key, text(nowMicros), grant, text(-span), 'span', text(-used), 'used')
    local last = math.ceil((nowMicros + span) / 1000) + 1
    redis.call('PEXPIREAT', key, text(last))
    ends(last, 'l' .. name)
    return 'P 1 ' .. text(limit - within) .. ' 0'
  end
  if #gone > 0 then redis.call('ZADD', key, text(-span), 'span', text(-used), 'used') end
  -- Permits that are not given yet were given before the clock was set back. From the first refusal on they count as given then, so
  -- that nobody waits longer than a window.
  for _, grant in ipairs(redis.call('ZRANGEBYSCORE', key, '(' .. text(nowMicros), '+inf')) do
    redis.call('ZADD', key, text(nowMicros), grant)
  end
  -- When enough of the oldest permits will have left the window.
  local needed, offset, wait = within + permits - limit, 0, window
  while needed > 0 do
    local oldest = redis.call(
      'ZRANGEBYSCORE', key, '(' .. text(nowMicros - window), '+inf', 'WITHSCORES', 'LIMIT', offset, 100)
    if #oldest == 0 then break end
    for i = 1, #oldest, 2 do
      needed = needed - tonumber(oldest[i]:match('%d+$'))
      if needed <= 0 then
        wait = tonumber(oldest[i + 1]) + window - nowMicros
        break
      end
    end
    offset = offset + 100
  end
  return 'P 0 ' .. text(math.max(0, limit - within)) .. ' ' .. text(math.max(1, wait))
end

function plan.L(index)
  local name, permits, limit, window = take(4)
  meet(limiterKey(name))
  later[index] = function()
    return acquire(text(index), name, tonumber(permits), tonumber(limit), tonumber(window))
  end
end
