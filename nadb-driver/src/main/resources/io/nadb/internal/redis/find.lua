-- Lists keys that stand in all of some indexes, in key order, as far as it gets in some milliseconds.
-- KEYS  the indexes
-- ARGV  3 where to begin: -, (key or [key, 4 how many keys at most, 5 whether the server takes away no
--       index by itself (1), and then the tags
-- Returns the number of the shortest index, where to go on (nothing at the end), and the keys; or -1
-- if an index may be lost: one that is known and not there, or if the set of those that are known
-- does not say that it is whole.
local known, order, size = ARGV[2] .. 't', {}, {}
local function has(member)
  return redis.pcall('SISMEMBER', known, member) == 1
end
if has('\255') or ARGV[5] ~= '1' and not has('') then
  return {-1}
end
for i = 1, #KEYS do
  order[i], size[i] = i, redis.call('ZCARD', KEYS[i])
  if size[i] == 0 and has(ARGV[5 + i]) then
    return {-1}
  end
end
table.sort(order, function(i, j)
  return size[i] < size[j] or size[i] == size[j] and i < j
end)
local walk, from, limit = order[1], ARGV[3], tonumber(ARGV[4])
if #KEYS == 1 or size[walk] == 0 then
  local found = redis.call('ZRANGEBYLEX', KEYS[walk], from, '+', 'LIMIT', 0, limit)
  return {walk, #found == limit and '(' .. found[limit] or '', found}
end

-- What is looked at in a step of two indexes that are about as long: a part of the shorter one, and of
-- the other what lies between. Lua must not compare keys, since it goes by the server's locale.
local STEP, MOST = 1000, 2000
local looked, found, first = 0, {}, 2

local function among(keys, index)
  if #keys == 0 then
    return keys
  end
  local scores, both = redis.call('ZMSCORE', index, unpack(keys)), {}
  looked = looked + #keys
  for i = 1, #keys do
    if scores[i] then
      both[#both + 1] = keys[i]
    end
  end
  return both
end

local other = size[order[2]] <= 4 * size[walk] and KEYS[order[2]]
if other then
  first = 3
end
repeat
  local some = redis.call('ZRANGEBYLEX', KEYS[walk], from, '+', 'LIMIT', 0, STEP)
  local last = some[#some]
  looked = looked + #some
  from = #some == STEP and '(' .. last or ''
  if other and last then
    local between = redis.call('ZRANGEBYLEX', other, '[' .. some[1], '[' .. last, 'LIMIT', 0, STEP)
    looked = looked + #between
    if #between == STEP then
      from = '(' .. between[STEP]
    elseif #between == 0 and from ~= '' then
      local next = redis.call('ZRANGEBYLEX', other, from, '+', 'LIMIT', 0, 1)
      from = next[1] and '[' .. next[1] or ''
    end
    local there, both = {}, {}
    for i = 1, #between do
      there[between[i]] = true
    end
    for i = 1, #some do
      if there[some[i]] then
        both[#both + 1] = some[i]
      end
    end
    some = both
  end
  for i = first, #order do
    some = among(some, KEYS[order[i]])
  end
  for _, key in ipairs(some) do
    found[#found + 1] = key
    if #found == limit then
      from = '(' .. key
      break
    end
  end
until from == '' or #found == limit or looked >= MOST
return {walk, from, found}
