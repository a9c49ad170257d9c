-- Removes entries, and what stands of them in indexes, index by index.
-- KEYS  the entries
-- ARGV  3 now (the server's time), 4 which: any, all (whatever the keys hold)
-- Returns how many were alive, and then, by number, those that were left since they are no entries.
-- include clock.lua
-- include indexes.lua
local all, answer, decoded, leaving = ARGV[4] == 'all', {0}, {}, {}

local function leave(index, member)
  local members = leaving[index]
  if not members then
    members = {}
    leaving[index] = members
  end
  members[#members + 1] = member
end

for i, e in ipairs(KEYS) do
  local old, tags = redis.pcall('HMGET', e, 'c', 'x', 't'), {}
  if not old.err and old[3] then
    tags = decoded[old[3]] or tagsOf(old[3])
    decoded[old[3]] = tags
  end
  if old.err or malformed(e, old, tags) then
    if not all or old.err and not string.find(old.err, 'WRONGTYPE', 1, true) then
      answer[#answer + 1] = i
    elseif redis.call('UNLINK', e) == 1 then
      answer[1] = answer[1] + 1
    end
  elseif old[1] then
    if not hasExpired(e, old[2]) then
      answer[1] = answer[1] + 1
    end
    redis.call('UNLINK', e)
    local key = keyOf(e)
    for _, tag in ipairs(tags) do
      leave('i:' .. tag, key)
    end
    if old[2] then
      leave('x', (old[3] or '') .. '\n' .. key)
    end
  end
end
if not asking then
  for index, members in pairs(leaving) do
    if type(redis.pcall('ZREM', p .. index, unpack(members))) == 'number'
      and index ~= 'x' and redis.pcall('EXISTS', p .. index) == 0 then
      redis.pcall('SREM', p .. 't', string.sub(index, 3))
    end
  end
end
return answer
