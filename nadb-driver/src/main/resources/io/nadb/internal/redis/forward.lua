-- Makes writes that have waited in a spool, in their order, and notes how far they have come.
-- KEYS  1 the spool's mark, then for each write its entry
-- ARGV  3 now (the server's time), 4 the mark as it is expected (none), 5 who sets it, 6 the number
--       that it has at the end, and then for each write: 1 how long what its partition's keys begin
--       with is, 2 its number, 3 what is done (set, delete), 4 the value, 5 tags as JSON (none), 6
--       when it expires (never), 7 was created, 8 and updated, all in milliseconds since 1970, 9
--       whether the creation time of an entry that is there is kept (1)
-- Returns 0; or the mark, if it is another one, and then nothing is written. If a write is refused,
-- those before it are made, and the mark says so.
-- include clock.lua
-- include indexes.lua
local found = redis.call('GET', KEYS[1]) or ''
if found ~= ARGV[4] then
  return found
end

local function argument(i, n)
  return ARGV[6 + 9 * (i - 1) + n]
end

local function make(i)
  local e = KEYS[i + 1]
  p = string.sub(e, 1, tonumber(argument(i, 1)))
  local old = redis.pcall('HMGET', e, 'c', 'x', 't')
  if old.err then
    return refusal(e, old)
  end
  local oldTags = tagsOf(old[3])
  if malformed(e, old, oldTags) then
    return {'!', e, 'it is no entry'}
  end
  if argument(i, 3) == 'delete' then
    if old[1] then
      redis.call('UNLINK', e)
      forget(keyOf(e), old, oldTags)
    end
    return
  end

  local value, tags, expires, created, updated = argument(i, 4), argument(i, 5), argument(i, 6),
    argument(i, 7), argument(i, 8)
  local size = #value
  -- Redis takes no time to live that ends after its own time does.
  local left = expires ~= '' and math.min(tonumber(expires) - now, 1000000000000000) or nil
  local was = tonumber(old[2])
  local alive = not (given and was) or was > tonumber(created)
  local ARGV = {[10] = argument(i, 9)}
-- include replace.lua
  return replace(keyOf(e), oldTags)
end

for i = 1, #KEYS - 1 do
  local ok, refused = pcall(make, i)
  if not ok or refused then
    if i > 1 then
      redis.call('SET', KEYS[1], argument(i - 1, 2) .. ' ' .. ARGV[5])
    end
    return ok and refused or error(refused, 0)
  end
end
redis.call('SET', KEYS[1], ARGV[6] .. ' ' .. ARGV[5])
return 0
