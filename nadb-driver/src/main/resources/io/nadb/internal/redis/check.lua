-- Tells whether a key holds something that is no entry, as 1 or 0: for who has read no entry and
-- found that the key exists, one after the other.
-- KEYS  1 the entry
local h = redis.call('HMGET', KEYS[1], 'v', 'c')
return (not (h[1] and h[2])) and redis.call('EXISTS', KEYS[1]) or 0
