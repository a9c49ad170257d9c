-- What is written, and what is there: `old` is what HMGET has answered for c, x and t, and the
-- arguments are those of set.lua.
local tags, left, age = ARGV[6] or '', tonumber(ARGV[7] or ''), tonumber(ARGV[8] or '') or 0
local updated, created = text(now - age), text(now - (tonumber(ARGV[9] or '') or age))
local was, expires = tonumber(old[2]), left and text(now + left) or ''
local alive = not (given and was) or was > tonumber(created)
