-- Takes out of an index, a part of it at a time, members whose entries are gone.
-- KEYS  1 the index of a tag, or the list of expiry times
-- ARGV  3 how many of the first members are left out, 4 how many to look at, 5 whether those are taken
--       out, too, whose entries do not belong there any more (1)
-- Returns how many it has looked at, and how many of these stay; or -1 if it could not be seen which.
-- include indexes.lua
local index, from, thorough = string.sub(KEYS[1], #p + 1), tonumber(ARGV[3]), ARGV[5] == '1'
local members = redis.call('ZRANGE', KEYS[1], from, from + ARGV[4] - 1)
if #members == 0 then
  return {0, 0}
end

local function belongs(h, member)
  if index == 'x' then
    return h[2] and string.sub(member, 1, #(h[3] or '') + 1) == (h[3] or '') .. '\n'
  end
  for _, tag in ipairs(tagsOf(h[3]) or {}) do
    if index == 'i:' .. tag then
      return true
    end
  end
end

local names, gone = {}, 0
for i, member in ipairs(members) do
  names[i] = p .. 'e:' .. (index == 'x' and string.sub(member, string.find(member, '\n', 1, true) + 1)
    or member)
end
local alive = redis.pcall('EXISTS', unpack(names))
if asking or type(alive) ~= 'number' then
  return {-1}
elseif alive == 0 then
  gone = redis.call('ZREMRANGEBYRANK', KEYS[1], from, from + #members - 1)
elseif thorough or alive < #members then
  local dead = {}
  for i, name in ipairs(names) do
    local h = redis.pcall('HMGET', name, 'c', 'x', 't')
    if not h.err and (thorough and h[1] and not belongs(h, members[i])
      or not h[1] and redis.call('EXISTS', name) == 0) then
      dead[#dead + 1] = members[i]
    end
  end
  gone = #dead > 0 and redis.call('ZREM', KEYS[1], unpack(dead)) or 0
end
if gone > 0 and index ~= 'x' and redis.call('EXISTS', KEYS[1]) == 0 then
  redis.pcall('SREM', p .. 't', string.sub(index, 3))
end
return {#members, #members - gone}
