-- Removes an entry.
-- KEYS  1 the entry
-- ARGV  3 now (the server's time), 4 which: any, all (whatever the key holds)
-- Returns whether there was an entry alive, as 1 or 0.
-- include plain.lua
local e, which = KEYS[1], ARGV[4]
local old = redis.pcall('HMGET', e, 'c', 'x', 't')
if plain(e, old) then
  return old[1] and redis.call('UNLINK', e) or 0
end

-- include clock.lua
-- include indexes.lua
if old.err then
  if which ~= 'all' or not string.find(old.err, 'WRONGTYPE', 1, true) then
    return old
  end
  redis.call('UNLINK', e)
  return 1
end
local key, oldTags = keyOf(e), tagsOf(old[3])
if malformed(e, old, oldTags) then
  if which ~= 'all' then
    return {'!', e, 'it is no entry'}
  end
  redis.call('UNLINK', e)
  return 1
end
local expired = hasExpired(e, old[2])
redis.call('UNLINK', e)
forget(key, old, oldTags)
return expired and 0 or 1
