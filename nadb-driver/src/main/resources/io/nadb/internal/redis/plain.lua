-- Whether there is no entry, or one that stands in no index, as most do. `old` is what HMGET has
-- answered for c, x and t.
local function plain(e, old)
  return not (old.err or old[2] or old[3])
    and (old[1] and tonumber(old[1]) or not old[1] and redis.call('EXISTS', e) == 0)
end
