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
