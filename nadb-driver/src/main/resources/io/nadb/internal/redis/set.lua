-- Replaces an entry.
-- KEYS  1 the entry, then on a cluster what it may create: the set of tags, indexes, the list of
--       expiry times
-- ARGV  3 value, 4 its length, 5 updated, and then as far as it is not as in most writes: 6 tags as
--       JSON (none), 7 expiry time (none), 8 milliseconds until then, 9 created (as updated), 10
--       whether the old entry's creation time is kept (1), 11 whether its tags are (0), 12 whether
--       its expiry time is (0)
-- Returns nothing.
local e, value, size, updated = KEYS[1], ARGV[3], ARGV[4], ARGV[5]
local old = redis.call('HMGET', e, 'c', 'x', 't')

-- Most writes change no index: neither entry has tags or an expiry time, or the new one has the
-- same tags and expires no earlier. The list of expiry times may be behind, but never ahead.
-- An idle server has been cold for long: each command and each number spared here is felt.
if not ARGV[6] and not (old[2] or old[3]) then
  if tonumber(old[1]) then
    redis.call('HSET', e, 'v', value, 's', size, 'u', updated)
    return
  end
  if not old[1] and redis.call('EXISTS', e) == 0 then
    redis.call('HSET', e, 'v', value, 's', size, 'c', updated, 'u', updated)
    return
  end
end
local tags, expires, left, created = ARGV[6] or '', ARGV[7] or '', ARGV[8], ARGV[9] or updated
local was, ends = tonumber(old[2]), tonumber(expires)
if was and ends and was <= ends and was > tonumber(created) and tonumber(old[1])
  and (old[3] or '') == tags and not ARGV[10] then
  redis.call('HSET', e, 'v', value, 's', size, 'u', updated, 'x', expires)
  redis.call('PEXPIRE', e, left)
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
left = ends and tonumber(left)
if old[1] and (not was or was > tonumber(created)) then
  if ARGV[10] ~= '0' then
    created = old[1]
  end
  if ARGV[11] == '1' then
    tags, new = old[3] or '', oldTags
  end
  if ARGV[12] == '1' then
    expires = old[2] or ''
    left = was and was - tonumber(updated)
  end
end

if left and left <= 0 then
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
if left then
  redis.call('PEXPIRE', e, math.min(left, 1e15))
elseif old[2] then
  redis.call('PERSIST', e)
end

if not asking and old[2] and not (left and (old[3] or '') == tags) then
  redis.pcall('ZREM', p .. 'x', (old[3] or '') .. '\n' .. key)
end
if oldTags ~= new then
  untag(key, oldTags, new)
end
