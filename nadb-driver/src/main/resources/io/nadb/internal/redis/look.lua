-- Looks at an entry before it is changed; its value is looked at if that is wanted.
-- Returns c, x, t and v, its tags, and whether readers see it: what a test's time says has expired
-- is as absent as what Redis has removed. If the key holds something else, no c, but what to answer.
local function look(e, wantsValue)
  local old = wantsValue and redis.call('HMGET', e, 'c', 'x', 't', 'v')
    or redis.call('HMGET', e, 'c', 'x', 't')
  local tags = tagsOf(old[3])
  if malformed(e, old, tags) or wantsValue and old[1] and not old[4] then
    return nil, nil, false, {'!', e, 'it is no entry'}
  end
  return old, tags, old[1] and not (given and old[2] and tonumber(old[2]) <= now)
end
