-- Replaces entries by such that have neither tags nor an expiry time, and keep their creation time.
-- KEYS  the entries
-- ARGV  3 now (the server's time), and from 4 on, for each entry: value, its length, how many
--       milliseconds ago it was created, and updated
-- Returns which of them stand in indexes or are no entries, by number; these are not replaced.
-- include clock.lua
-- include plain.lua
local others = {}
for i, e in ipairs(KEYS) do
  local old = redis.pcall('HMGET', e, 'c', 'x', 't')
  if plain(e, old) then
    local a = 4 * i
    local created, updated = old[1] or text(now - ARGV[a + 2]), text(now - ARGV[a + 3])
    redis.call('HSET', e, 'v', ARGV[a], 's', ARGV[a + 1], 'c', created, 'u', updated)
  else
    others[#others + 1] = i
  end
end
return others
