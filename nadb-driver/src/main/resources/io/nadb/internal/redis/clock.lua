-- What time it is, in milliseconds: what the server's clock shows, unless a test moves time by hand
-- and gives it.
local given = tonumber(ARGV[3])
local now = given
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function text(millis)
  return string.format('%.0f', millis)
end

-- Whether an entry that is there has expired. Redis removes what has, so only an entry that somebody
-- has taken its time to live from may be left behind.
local function hasExpired(e, x)
  return x and tonumber(x) <= now and (given or redis.call('PTTL', e) == -1)
end
