-- What the scripts share that change or believe indexes.
local asking, p = ARGV[1] == '1', ARGV[2]

local function keyOf(e)
  return string.sub(e, #p + 3)
end

local function tagsOf(json)
  if not json then
    return {}
  end
  local ok, tags = pcall(cjson.decode, json)
  return ok and type(tags) == 'table' and tags or nil
end

local function malformed(e, h, tags)
  if not h[1] then
    return h[2] or h[3] or redis.call('EXISTS', e) == 1
  end
  return not (tags and tonumber(h[1]) and (not h[2] or tonumber(h[2])))
end

-- Puts an entry into the index of a tag; `sure` makes the tag known though the entry was there. An
-- index that was known and empty has been taken away, with all its members but this: then the set of
-- those that are known says so, until they are made anew.
local function enter(key, tag, sure)
  local added = redis.pcall('ZADD', p .. 'i:' .. tag, 0, key)
  if (added == 1 or added == 0 and sure) and redis.pcall('SADD', p .. 't', tag) == 0
    and added == 1 and redis.pcall('ZCARD', p .. 'i:' .. tag) == 1 then
    redis.pcall('UNLINK', p .. 't')
    redis.pcall('SADD', p .. 't', tag, '\255')
  end
  return added
end

-- Takes an entry out of the indexes of those old tags that it has no more.
local function untag(key, oldTags, tags)
  if asking then
    return
  end
  local has = {}
  for _, tag in ipairs(tags) do
    has[tag] = true
  end
  for _, tag in ipairs(oldTags) do
    if not has[tag] then
      local i = p .. 'i:' .. tag
      if redis.pcall('ZREM', i, key) == 1 and redis.pcall('EXISTS', i) == 0 then
        redis.pcall('SREM', p .. 't', tag)
      end
    end
  end
end

local function forget(key, h, tags)
  untag(key, tags, {})
  if h[2] and not asking then
    redis.pcall('ZREM', p .. 'x', (h[3] or '') .. '\n' .. key)
  end
end

-- What is answered if something could not be added to an index.
local function refusal(name, answer)
  if string.find(answer.err, 'WRONGTYPE', 1, true) then
    return {'!', name, 'it has another type'}
  end
  return answer
end
