-- Lists members of the shortest of some indexes, in key order.
-- KEYS  the indexes
-- ARGV  3 the key to begin after, 4 how many, 5 whether the server takes away no index by itself (1),
--       and then the tags
-- Returns which index it is, by number, and then the keys; or -1 if an index may be lost: one that is
-- known and not there, or if the set of those that are known does not say that it is whole.
local known, walk, least = ARGV[2] .. 't'
local function has(member)
  return redis.pcall('SISMEMBER', known, member) == 1
end
if has('\255') or ARGV[5] ~= '1' and not has('') then
  return {-1}
end
for i = 1, #KEYS do
  local n = redis.call('ZCARD', KEYS[i])
  if n == 0 and has(ARGV[5 + i]) then
    return {-1}
  end
  if not least or n < least then
    walk, least = i, n
  end
end
local from = ARGV[3] == '' and '-' or '(' .. ARGV[3]
local found = redis.call('ZRANGEBYLEX', KEYS[walk], from, '+', 'LIMIT', 0, ARGV[4])
table.insert(found, 1, walk)
return found
