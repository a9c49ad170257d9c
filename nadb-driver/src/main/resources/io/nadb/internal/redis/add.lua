-- Adds to the number that an entry holds as decimal text; no entry counts as zero. Redis adds, since
-- numbers of Lua have 53 bits.
-- KEYS  1 the entry
-- ARGV  3 now (the server's time), 4 what is added
-- Returns the sum, as text; or why there is none: {'number', the value's length} if the value is no
-- number, {'range', the number} if the sum has more than 64 bits.
-- include clock.lua
-- include indexes.lua
-- include look.lua
local e, sum = KEYS[1], ARGV[4]
local old, oldTags, seen, foreign = look(e, true)
if foreign then
  return foreign
end
if not seen then
  redis.call('HSET', e, 'v', sum, 's', #sum, 'c', text(now), 'u', text(now))
  if old[1] then
    redis.call('HDEL', e, 't', 'x')
    redis.call('PERSIST', e)
    forget(keyOf(e), old, oldTags)
  end
  return sum
end
local added = redis.pcall('HINCRBY', e, 'v', sum)
if type(added) == 'table' then
  if string.find(added.err, 'not an integer', 1, true) then
    return {'number', #old[4]}
  elseif string.find(added.err, 'overflow', 1, true) then
    return {'range', old[4]}
  end
  return added
end
sum = redis.call('HGET', e, 'v')
redis.call('HSET', e, 's', #sum, 'u', text(now))
return sum
