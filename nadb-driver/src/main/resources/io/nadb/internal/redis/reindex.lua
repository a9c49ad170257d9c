-- Begins to make a partition's indexes anew, puts an entry into those that it belongs to, or ends.
-- KEYS  the set of tags that have an index; or the entry, and then on a cluster what it may create
-- ARGV  3 what is done (begin, enter, end), 4 a mark of whoever does it
-- Returns 1, or 0 if something was lost meanwhile, so that the end is not reached.
-- include indexes.lua
local known, mark = p .. 't', '\254' .. ARGV[4]
if ARGV[3] == 'begin' then
  redis.call('UNLINK', known)
  redis.call('SADD', known, mark)
  return 1
elseif ARGV[3] == 'end' then
  if redis.call('SREM', known, mark) == 0 then
    return 0
  end
  redis.call('SADD', known, '')
  return 1
end
local e = KEYS[1]
local h = redis.call('HMGET', e, 'c', 'x', 't')
local tags = tagsOf(h[3])
if malformed(e, h, tags) then
  return {'!', e, 'it is no entry'}
end
if h[1] then
  for _, tag in ipairs(tags) do
    local added = enter(keyOf(e), tag, true)
    if type(added) == 'table' then
      return refusal(p .. 'i:' .. tag, added)
    end
  end
  if h[2] then
    local added = redis.pcall('ZADD', p .. 'x', h[2], (h[3] or '') .. '\n' .. keyOf(e))
    if type(added) == 'table' then
      return refusal(p .. 'x', added)
    end
  end
end
return 1
