-- Replaces an entry.
-- KEYS  1 the entry, then on a cluster what it may create: the set of tags, indexes, the list of
--       expiry times
-- ARGV  3 now (the server's time), 4 value, 5 its length, and then as far as it is not as in most
--       writes: 6 tags as JSON (none), 7 how many milliseconds it has to live (no end), 8 how many
--       ago it was updated (0), 9 and created (as updated), 10 whether the old entry's creation time
--       is kept (1), 11 whether its tags are (0), 12 whether its expiry time is (0), 13 whether it
--       is if it is this one (none)
-- Returns nothing.
local e, value, size = KEYS[1], ARGV[4], ARGV[5]
local old = redis.call('HMGET', e, 'c', 'x', 't')

-- Most writes change no index: neither entry has tags or an expiry time, or the new one has the
-- same tags and expires no earlier. The list of expiry times may be behind, but never ahead.
-- An idle server has been cold for long: each command and each number spared here is felt.
if not ARGV[6] and not (old[2] or old[3]) then
  local now = ARGV[3]
  if now == '' then
    local time = redis.call('TIME')
    now = time[1] .. string.sub(1000000 + time[2], 2, 4)
  end
  if tonumber(old[1]) then
    redis.call('HSET', e, 'v', value, 's', size, 'u', now)
    return
  end
  if not old[1] and redis.call('EXISTS', e) == 0 then
    redis.call('HSET', e, 'v', value, 's', size, 'c', now, 'u', now)
    return
  end
end
-- include clock.lua
-- include write.lua
if was and left and left > 0 and was <= now + left and alive and tonumber(old[1])
  and (old[3] or '') == tags and not ARGV[10] then
  redis.call('HSET', e, 'v', value, 's', size, 'u', updated, 'x', expires)
  redis.call('PEXPIRE', e, ARGV[7])
  return
end

-- include indexes.lua
-- include replace.lua
local oldTags = tagsOf(old[3])
if malformed(e, old, oldTags) then
  return {'!', e, 'it is no entry'}
end
return replace(keyOf(e), oldTags)
