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
local tags, left, age = ARGV[6] or '', tonumber(ARGV[7] or ''), tonumber(ARGV[8] or '') or 0
local updated, created = text(now - age), text(now - (tonumber(ARGV[9] or '') or age))
local was, expires = tonumber(old[2]), left and text(now + left) or ''
local alive = not (given and was) or was > tonumber(created)
if was and left and left > 0 and was <= now + left and alive and tonumber(old[1])
  and (old[3] or '') == tags and not ARGV[10] then
  redis.call('HSET', e, 'v', value, 's', size, 'u', updated, 'x', expires)
  redis.call('PEXPIRE', e, ARGV[7])
  return
end

-- include indexes.lua
local function refusal(name, answer)
  if string.find(answer.err, 'WRONGTYPE', 1, true) then
    return {'!', name, 'it has another type'}
  end
  return answer
end

local key = keyOf(e)
local same = tags ~= '' and old[3] == tags
local new = tagsOf(tags ~= '' and tags)
local oldTags = same and new or tagsOf(old[3])
if malformed(e, old, oldTags) then
  return {'!', e, 'it is no entry'}
end
local stays = false -- Whether Redis goes on counting.
if old[1] and alive then
  if ARGV[10] ~= '0' then
    created = old[1]
  end
  if ARGV[11] == '1' then
    tags, new = old[3] or '', oldTags
  end
  if ARGV[12] == '1' or was and ARGV[13] == old[2] then
    expires, left, stays = old[2] or '', was and was - now, not given
  end
end

if left and left <= 0 and not stays then
  if old[1] then
    redis.call('UNLINK', e)
    forget(key, old, oldTags)
  end
  return
end

if oldTags ~= new then
  for _, tag in ipairs(new) do
    local added = redis.pcall('ZADD', p .. 'i:' .. tag, 0, key)
    if added == 1 then
      redis.pcall('SADD', p .. 't', tag)
    elseif added ~= 0 then
      return refusal(p .. 'i:' .. tag, added)
    end
  end
end
if left then
  local added = redis.pcall('ZADD', p .. 'x', expires, tags .. '\n' .. key)
  if type(added) == 'table' then
    return refusal(p .. 'x', added)
  end
end

if tags ~= '' and left then
  redis.call('HSET', e, 'v', value, 's', size, 'c', created, 'u', updated, 't', tags, 'x', expires)
else
  redis.call('HSET', e, 'v', value, 's', size, 'c', created, 'u', updated)
  if tags ~= '' then
    redis.call('HSET', e, 't', tags)
  elseif old[3] then
    redis.call('HDEL', e, 't')
  end
  if left then
    redis.call('HSET', e, 'x', expires)
  elseif old[2] then
    redis.call('HDEL', e, 'x')
  end
end
if left and not stays then
  redis.call('PEXPIRE', e, text(left))
elseif old[2] and not left then
  redis.call('PERSIST', e)
end

if not asking and old[2] and not (left and (old[3] or '') == tags) then
  redis.pcall('ZREM', p .. 'x', (old[3] or '') .. '\n' .. key)
end
if oldTags ~= new then
  untag(key, oldTags, new)
end
