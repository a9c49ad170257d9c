-- Reads how the database is laid out, and lays it out if it is new.
-- KEYS  1 the database's format key
-- ARGV  3 the number of partitions of a new one; none if it is only to be read
-- Returns version, number of partitions, and what the server's clock shows, in milliseconds; neither
-- version nor number if it is not laid out.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local h = redis.call('HMGET', KEYS[1], 'version', 'partitions')
if not h[1] and not h[2] then
  if redis.call('EXISTS', KEYS[1]) == 1 then
    return {'!', KEYS[1], 'it says neither version nor partitions'}
  end
  if ARGV[3] == '' then
    return {'', '', now}
  end
  redis.call('HSET', KEYS[1], 'version', '1', 'partitions', ARGV[3])
  return {'1', ARGV[3], now}
end
return {h[1] or '', h[2] or '', now}
