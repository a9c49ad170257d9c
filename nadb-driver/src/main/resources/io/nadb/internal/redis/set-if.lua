-- Replaces an entry if a condition holds.
-- KEYS  as those of set.lua
-- ARGV  3 to 13 as those of set.lua, 14 the condition, 15 whether the value before is wanted (1),
--       16 the value that is expected
-- Returns whether it was replaced, as 1 or 0, and the value before.
-- include clock.lua
-- include indexes.lua
-- include look.lua
-- include meets.lua
local e, value, size, condition, wanted = KEYS[1], ARGV[4], ARGV[5], ARGV[14], ARGV[15] == '1'
local old, oldTags, seen, foreign = look(e, wanted or condition == 'equal')
if foreign then
  return foreign
end
if not meets(condition, seen, old[4], ARGV[16]) then
  return {0}
end
local before = wanted and seen and old[4]
if seen and ARGV[11] == '1' and ARGV[12] == '1' then -- In no index does anything change.
  redis.call('HSET', e, 'v', value, 's', size, 'u', text(now))
  return {1, before}
end
-- include write.lua
-- include replace.lua
return replace(keyOf(e), oldTags) or {1, before}
