-- Replaces entries by such that have neither tags nor an expiry time, and keep their creation time.
-- KEYS  the entries
-- ARGV  from 3 on, for each entry: value, its length, created, updated
-- Returns which of them stand in indexes or are no entries, by number; these are not replaced.
-- include plain.lua
local others = {}
for i, e in ipairs(KEYS) do
  local old = redis.pcall('HMGET', e, 'c', 'x', 't')
  if plain(e, old) then
    local a = 4 * i - 1
    local created = old[1] or ARGV[a + 2]
    redis.call('HSET', e, 'v', ARGV[a], 's', ARGV[a + 1], 'c', created, 'u', ARGV[a + 3])
  else
    others[#others + 1] = i
  end
end
return others
