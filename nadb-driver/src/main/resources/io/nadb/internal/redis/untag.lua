-- Takes out of an index the keys whose entries are gone or do not have the tag any more.
-- KEYS  1 the index
-- ARGV  3 the tag, then the keys
-- Returns nothing.
-- include indexes.lua
local tag = {ARGV[3]}
for i = 4, #ARGV do
  local e = p .. 'e:' .. ARGV[i]
  local h = redis.pcall('HMGET', e, 'c', 'x', 't')
  if not h.err then
    local tags = tagsOf(h[3])
    if malformed(e, h, tags) then
      return {'!', e, 'it is no entry'}
    end
    untag(ARGV[i], tag, tags)
  elseif string.find(h.err, 'WRONGTYPE', 1, true) then
    return {'!', e, 'it is no hash'}
  end -- Else the slot is being moved, and the entry may be at the other node.
end
