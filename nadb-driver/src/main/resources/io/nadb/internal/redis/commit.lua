-- Makes the writes of a transaction, if all that it has read is as it was.
-- KEYS  the entries that were read or are to be written, then on a cluster what this may create: sets
--       of tags, indexes, lists of expiry times
-- ARGV  3 now (the server's time), 4 how many entries, and then for each entry: 1 how long what its
--       partition's keys begin with is, 2 what was read (nothing, entry, value), 3 what was read of
--       the entry (none if there was none), 4 the SHA-1 of the value, 5 what is done (nothing, set,
--       delete), 6 the value, 7 tags as JSON (none), 8 how many milliseconds it has to live (no end),
--       9 whether the old entry's creation time is kept (1), 10 whether its expiry time is (1)
-- Returns 0; or the number of an entry that is not as it was, and then nothing is written.
-- include clock.lua
-- include indexes.lua
local count, olds, oldTagLists = tonumber(ARGV[4]), {}, {}

local function argument(i, n)
  return ARGV[4 + 10 * (i - 1) + n]
end

local function begin(i)
  p = string.sub(KEYS[i], 1, tonumber(argument(i, 1)))
  return KEYS[i]
end

local function version(old)
  return old[1] .. '\n' .. (old[4] or '') .. '\n' .. (old[2] or '') .. '\n' .. (old[3] or '') .. '\n'
    .. (old[5] or '') .. '\n'
end

-- A script is not rolled back: all that may be refused is refused before the first write. For want of
-- memory Redis refuses a script's first write, and no later one.
local function forbidden(command, ...)
  if redis.acl_check_cmd and not redis.acl_check_cmd(command, ...) then
    return redis.error_reply("NOPERM this user has no permissions to run the '"
      .. string.lower(command) .. "' command, and nothing was written")
  end
end

local function unfit(index, key)
  local kind = redis.call('TYPE', index).ok
  if kind ~= 'none' and kind ~= 'zset' then
    return {'!', index, 'it has another type'}
  end
  return forbidden('ZADD', index, '0', key)
end

local function refusedSet(i, e, old)
  local tags, key = argument(i, 7), keyOf(e)
  local refused = forbidden('HSET', e, 'v', '') or forbidden('HDEL', e, 't')
    or forbidden('PERSIST', e) or forbidden('PEXPIRE', e, '1')
  if not refused and tags ~= '' and tags ~= old[3] then
    for _, tag in ipairs(tagsOf(tags)) do
      refused = refused or unfit(p .. 'i:' .. tag, key)
    end
  end
  if not refused and (argument(i, 8) ~= '' or argument(i, 10) == '1') then
    refused = unfit(p .. 'x', key)
  end
  return refused
end

for i = 1, count do
  local e, read, done = begin(i), argument(i, 2), argument(i, 5)
  local old = read == 'value' and redis.pcall('HMGET', e, 'c', 'x', 't', 'u', 's', 'v')
    or redis.pcall('HMGET', e, 'c', 'x', 't', 'u', 's')
  if old.err then
    return refusal(e, old)
  end
  local oldTags = tagsOf(old[3])
  if malformed(e, old, oldTags) or read == 'value' and old[1] and not old[6] then
    return {'!', e, 'it is no entry'}
  end
  local seen = old[1] and not (given and old[2] and tonumber(old[2]) <= now)
  if read ~= 'nothing' and (seen and version(old) or '') ~= argument(i, 3)
    or read == 'value' and seen and redis.sha1hex(old[6]) ~= argument(i, 4) then
    return i
  end
  local refused = done == 'set' and refusedSet(i, e, old)
    or done == 'delete' and forbidden('UNLINK', e)
  if refused then
    return refused
  end
  old[6] = nil
  olds[i], oldTagLists[i] = old, oldTags
end

for i = 1, count do
  if argument(i, 5) == 'set' then
    local e, old, oldTags, value = begin(i), olds[i], oldTagLists[i], argument(i, 6)
    local size = #value
    local ARGV = {[6] = argument(i, 7), [7] = argument(i, 8), [10] = argument(i, 9), [12] = argument(i, 10)}
-- include write.lua
-- include replace.lua
    local refused = replace(keyOf(e), oldTags)
    if refused then
      return refused
    end
  end
end
for i = 1, count do
  if argument(i, 5) == 'delete' and olds[i][1] then
    local e = begin(i)
    redis.call('UNLINK', e)
    forget(keyOf(e), olds[i], oldTagLists[i])
  end
end
return 0
