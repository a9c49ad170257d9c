-- Lists members of the shortest of some indexes, in key order.
-- KEYS  the indexes
-- ARGV  3 the key to begin after, 4 how many
-- Returns which index it is, by number, and then the keys.
local walk, least
for i = 1, #KEYS do
  local n = redis.call('ZCARD', KEYS[i])
  if not least or n < least then
    walk, least = i, n
  end
end
local from = ARGV[3] == '' and '-' or '(' .. ARGV[3]
local found = redis.call('ZRANGEBYLEX', KEYS[walk], from, '+', 'LIMIT', 0, ARGV[4])
table.insert(found, 1, walk)
return found
