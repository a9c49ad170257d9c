-- Sets an entry as it is in another store, whatever is there, with the times that it has there.
-- KEYS  1 the entry, then on a cluster what it may create: the set of tags, indexes, the list of
--       expiry times
-- ARGV  3 now (the server's time), 4 value, 5 its length, 6 tags as JSON (none), 7 when it was
--       created, 8 and updated, 9 when it expires (never), all in milliseconds since 1970
-- Returns nothing; what has expired replaces what is there all the same, and leaves nothing.
local e, value, size, tags, created, updated, expires = KEYS[1], ARGV[4], ARGV[5], ARGV[6], ARGV[7],
  ARGV[8], ARGV[9]
local old = redis.call('HMGET', e, 'c', 'x', 't')
-- include clock.lua
-- include indexes.lua
-- Redis takes no time to live that ends after its own time does.
local left = expires ~= '' and math.min(tonumber(expires) - now, 1000000000000000) or nil
local was, alive = tonumber(old[2]), false -- Nothing of the old entry stays.
-- include replace.lua
local oldTags = tagsOf(old[3])
if malformed(e, old, oldTags) then
  return {'!', e, 'it is no entry'}
end
return replace(keyOf(e), oldTags)
