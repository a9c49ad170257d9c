-- Removes an entry.
-- KEYS  1 the entry
-- ARGV  3 now, 4 which: any, expired (only if it has), all (whatever the key holds)
-- Returns whether there was an entry alive, as 1 or 0.
-- include plain.lua
local e, which = KEYS[1], ARGV[4]
local old = redis.pcall('HMGET', e, 'c', 'x', 't')
if plain(e, old) then
  return old[1] and which ~= 'expired' and redis.call('UNLINK', e) or 0
end

-- include indexes.lua
if old.err then
  if which ~= 'all' or not string.find(old.err, 'WRONGTYPE', 1, true) then
    return old
  end
  redis.call('UNLINK', e)
  return 1
end
local key, now, oldTags = keyOf(e), tonumber(ARGV[3]), tagsOf(old[3])
if malformed(e, old, oldTags) then
  if which ~= 'all' then
    return {'!', e, 'it is no entry'}
  end
  redis.call('UNLINK', e)
  return 1
end
local expired = old[2] and tonumber(old[2]) <= now
if which == 'expired' and not expired then
  return 0
end
redis.call('UNLINK', e)
forget(key, old, oldTags)
return expired and 0 or 1
