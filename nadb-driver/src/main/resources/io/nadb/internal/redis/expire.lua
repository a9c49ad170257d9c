-- Removes what has expired, or lists it, and what is left in the indexes of entries that Redis has
-- removed itself.
-- KEYS  1 the partition's list of expiry times
-- ARGV  3 now, 4 how many of them to look at, 5 what is done: remove or list
-- Returns how many entries it removed, whether there are more, and the keys listed.
-- include indexes.lua
local now, limit, remove = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5] == 'remove'
local members = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[3], 'LIMIT', 0, limit)
local removed, done, listed = 0, 0, {0, 0}
for _, member in ipairs(members) do
  local at = string.find(member, '\n', 1, true) or 0
  local key = string.sub(member, at + 1)
  local tags = tagsOf(at > 1 and string.sub(member, 1, at - 1)) or {}
  local e = p .. 'e:' .. key
  local h = redis.pcall('HMGET', e, 'c', 'x', 't')
  local current = not h.err and tagsOf(h[3])
  if current and not malformed(e, h, current) and not (asking and not h[1]) then
    if h[1] and h[2] and tonumber(h[2]) <= now then
      if remove then
        redis.call('UNLINK', e)
        forget(key, h, current)
        redis.pcall('ZREM', KEYS[1], member)
        removed = removed + 1
        done = done + 1
      else
        listed[#listed + 1] = key
      end
    elseif h[2] and member == (h[3] or '') .. '\n' .. key then
      redis.pcall('ZADD', KEYS[1], h[2], member) -- It was set anew, with the same tags.
      done = done + 1
    else
      untag(key, tags, current)
      redis.pcall('ZREM', KEYS[1], member)
      done = done + 1
    end
  end
end
listed[1] = removed
listed[2] = (#members == limit and done > 0) and 1 or 0
return listed
