-- Removes an entry if there is one and a condition holds.
-- KEYS  1 the entry
-- ARGV  3 now (the server's time), 4 the condition, 5 whether the value before is wanted (1), 6 the
--       value that is expected
-- Returns whether it was removed, as 1 or 0, and the value before.
-- include clock.lua
-- include indexes.lua
-- include look.lua
-- include meets.lua
local e, condition, wanted = KEYS[1], ARGV[4], ARGV[5] == '1'
local old, oldTags, seen, foreign = look(e, wanted or condition == 'equal')
if foreign then
  return foreign
end
if not (seen and meets(condition, seen, old[4], ARGV[6])) then
  return {0}
end
redis.call('UNLINK', e)
forget(keyOf(e), old, oldTags)
return {1, wanted and old[4]}
