-- Gives an entry another time to live. The list of expiry times may be behind, but never ahead.
-- KEYS  1 the entry, then on a cluster what it may create: the list of expiry times
-- ARGV  3 now (the server's time), 4 how many milliseconds the entry has to live
-- Returns whether there is one, as 1 or 0.
-- include clock.lua
-- include indexes.lua
-- include look.lua
local e, expires = KEYS[1], now + ARGV[4]
local old, _, seen, foreign = look(e)
if foreign then
  return foreign
end
if not seen then
  return 0
end
if not (old[2] and tonumber(old[2]) <= expires) then
  local added = redis.pcall('ZADD', p .. 'x', text(expires), (old[3] or '') .. '\n' .. keyOf(e))
  if type(added) == 'table' then
    return refusal(p .. 'x', added)
  end
end
redis.call('HSET', e, 'x', text(expires))
redis.call('PEXPIRE', e, ARGV[4])
return 1
