-- Replaces an entry, whatever index either of them is in, as the locals of write.lua say; `oldTags`
-- are those of `old`. Returns nothing, or which key has another type, and then nothing is written.
local function replace(key, oldTags)
  local new = tags ~= '' and old[3] == tags and oldTags or tagsOf(tags ~= '' and tags)
  local stays = false -- Whether Redis goes on counting.
  if old[1] and alive then
    if ARGV[10] ~= '0' then
      created = old[1]
    end
    if ARGV[11] == '1' then
      tags, new = old[3] or '', oldTags
    end
    if ARGV[12] == '1' or was and ARGV[13] == old[2] then
      expires, left, stays = old[2] or '', was and was - now, not given
    end
  end

  if left and left <= 0 and not stays then
    if old[1] then
      redis.call('UNLINK', e)
      forget(key, old, oldTags)
    end
    return
  end

  if oldTags ~= new then
    for _, tag in ipairs(new) do
      local added = enter(key, tag)
      if type(added) == 'table' then
        return refusal(p .. 'i:' .. tag, added)
      end
    end
  end
  if left then
    local added = redis.pcall('ZADD', p .. 'x', expires, tags .. '\n' .. key)
    if type(added) == 'table' then
      return refusal(p .. 'x', added)
    end
  end

  if tags ~= '' and left then
    redis.call('HSET', e, 'v', value, 's', size, 'c', created, 'u', updated, 't', tags, 'x', expires)
  else
    redis.call('HSET', e, 'v', value, 's', size, 'c', created, 'u', updated)
    if tags ~= '' then
      redis.call('HSET', e, 't', tags)
    elseif old[3] then
      redis.call('HDEL', e, 't')
    end
    if left then
      redis.call('HSET', e, 'x', expires)
    elseif old[2] then
      redis.call('HDEL', e, 'x')
    end
  end
  if left and not stays then
    redis.call('PEXPIRE', e, text(left))
  elseif old[2] and not left then
    redis.call('PERSIST', e)
  end

  if not asking and old[2] and not (left and (old[3] or '') == tags) then
    redis.pcall('ZREM', p .. 'x', (old[3] or '') .. '\n' .. key)
  end
  if oldTags ~= new then
    untag(key, oldTags, new)
  end
end
