-- Removes what has expired, and what is left in the indexes of entries that Redis has removed itself.
-- KEYS  1 the partition's list of expiry times
-- ARGV  3 now (the server's time), 4 how many of them to look at, 5 what is done: remove, or tidy,
--       which looks at those too that are due later, and removes only what no entry justifies, 6 how
--       many of the first are left out
-- Returns how many entries it removed, whether there are more, and how many of those that it has
-- looked at are still there.
-- include clock.lua
-- include indexes.lua
local limit, tidy = tonumber(ARGV[4]), ARGV[5] == 'tidy'
local last = tidy and '+inf' or text(now)
local members = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', last, 'LIMIT', ARGV[6], limit)
local removed, done, gone = 0, 0, 0
for _, member in ipairs(members) do
  local at = string.find(member, '\n', 1, true) or 0
  local key = string.sub(member, at + 1)
  local tags = tagsOf(at > 1 and string.sub(member, 1, at - 1)) or {}
  local e = p .. 'e:' .. key
  local h = redis.pcall('HMGET', e, 'c', 'x', 't')
  local current = not h.err and tagsOf(h[3])
  if current and not malformed(e, h, current) and not (asking and not h[1]) then
    local own = h[2] and member == (h[3] or '') .. '\n' .. key
    if not tidy and h[1] and hasExpired(e, h[2]) then
      redis.call('UNLINK', e)
      forget(key, h, current)
      redis.pcall('ZREM', KEYS[1], member)
      removed = removed + 1
      done = done + 1
      gone = gone + 1
    elseif not own then
      untag(key, tags, current)
      if redis.pcall('ZREM', KEYS[1], member) == 1 then
        done = done + 1
        gone = gone + 1
      end
    elseif not tidy then
      -- It lives: it was set anew with the same tags, or dated by a machine whose clock was behind.
      local expires = h[2]
      if tonumber(expires) <= now then
        expires = text(now + redis.call('PTTL', e))
        redis.call('HSET', e, 'x', expires)
      end
      redis.pcall('ZADD', KEYS[1], expires, member)
      done = done + 1
    end
  end
end
return {removed, (#members == limit and (done > 0 or tidy)) and 1 or 0, #members - gone}
