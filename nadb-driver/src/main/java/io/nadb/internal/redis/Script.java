package io.nadb.internal.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is done inside the server, so that it is done at once. {@link Keyspace} draws the keys.
 *
 * <p>Each script is given the keys that it may create or answers from, which the server needs to
 * know while it moves a slot to another node; the names of others, from which it only removes, it
 * makes itself. Its first argument is {@code 1} if the slot is being moved here: then what is
 * missing may still be in the old place, so nothing is concluded from it. Its second argument is
 * what the partition's keys begin with.
 *
 * <p>A script writes nothing before the first command that may be refused for want of memory or for
 * a key's type. What it removes from an index afterwards may fail, and leaves only a member that no
 * query believes. An answer that begins with {@code !} names a key and what is wrong with it.
 */
enum Script {
  /**
   * Replaces an entry. Arguments: key, value, its length, tags as JSON, created, whether the old
   * entry's creation time is kept, updated, expiry time, whether the old tags are kept, whether the
   * old expiry time is kept, now. Returns nothing.
   */
  SET(
      """
      local e, key, value, size, tags = KEYS[1], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
      local created, updated, expires, now = ARGV[7], ARGV[9], ARGV[10], tonumber(ARGV[13])
      local old = redis.call('HMGET', e, 'c', 'x', 't')
      local oldTags = tagsOf(old[3])
      if malformed(e, old, oldTags) then
        return {'!', e, 'it is no entry'}
      end
      local alive = old[1] and (not old[2] or tonumber(old[2]) > tonumber(created))
      local kept = alive and ARGV[11] == '1'
      if alive and ARGV[8] == '1' then
        created = old[1]
      end
      if kept then
        tags = old[3] or ''
      end
      if alive and ARGV[12] == '1' then
        expires = old[2] or ''
      end
      local left = expires ~= '' and tonumber(expires) - now
      if left and left <= 0 then
        if old[1] then
          redis.call('UNLINK', e)
          forget(key, old, oldTags)
        end
        return {}
      end
      local has = {}
      for _, tag in ipairs(tagsOf(tags ~= '' and tags)) do
        has[tag] = true
        if not (kept and asking) then
          local added = redis.pcall('ZADD', p .. 'i:' .. tag, 0, key)
          if added == 1 then
            redis.pcall('SADD', p .. 't', tag)
          elseif added ~= 0 and not kept then
            return refusal(p .. 'i:' .. tag, added)
          end
        end
      end
      if left then
        local added = redis.pcall('ZADD', p .. 'x', expires, tags .. '\\n' .. key)
        if type(added) == 'table' then
          return refusal(p .. 'x', added)
        end
      end
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
      if left and left < 1e15 then
        redis.call('PEXPIRE', e, string.format('%.0f', left))
      elseif old[1] then
        redis.call('PERSIST', e)
      end
      if not asking and old[2] and not (left and (old[3] or '') == tags) then
        redis.pcall('ZREM', p .. 'x', (old[3] or '') .. '\\n' .. key)
      end
      local lost = {}
      for _, tag in ipairs(oldTags) do
        if not has[tag] then
          lost[#lost + 1] = tag
        end
      end
      untag(key, lost)
      return {}
      """),

  /**
   * Removes an entry. Arguments: key, now, and which: {@code any}, {@code expired} (only if it has)
   * or {@code all} (whatever the key holds). Returns whether there was an entry alive, as 1 or 0.
   */
  DELETE(
      """
      local e, key, now, which = KEYS[1], ARGV[3], tonumber(ARGV[4]), ARGV[5]
      local old = redis.pcall('HMGET', e, 'c', 'x', 't')
      if old.err then
        if which ~= 'all' or not string.find(old.err, 'WRONGTYPE', 1, true) then
          return old
        end
        redis.call('UNLINK', e)
        return 1
      end
      local oldTags = tagsOf(old[3])
      if malformed(e, old, oldTags) then
        if which ~= 'all' then
          return {'!', e, 'it is no entry'}
        end
        redis.call('UNLINK', e)
        return 1
      end
      local expired = old[2] and tonumber(old[2]) <= now
      if not old[1] or (which == 'expired' and not expired) then
        return 0
      end
      redis.call('UNLINK', e)
      forget(key, old, oldTags)
      return expired and 0 or 1
      """),

  /**
   * Finds entries by tags, by walking through the shortest of their indexes in key order. Keys: the
   * indexes. Arguments: how many members to look at, the key to begin after, {@code all} or {@code
   * first} (only entries whose first tag is the one asked for), the tags. Returns the key to go on
   * after, or an empty one, and then for each hit key, created, updated, expiry time, tags, size;
   * of an entry that is not here but may be elsewhere, the key alone is given, with the rest empty.
   */
  FIND(
      """
      local limit, after, which = tonumber(ARGV[3]), ARGV[4], ARGV[5]
      local walk, least
      for i = 1, #KEYS do
        local n = redis.call('ZCARD', KEYS[i])
        if n == 0 then
          return {''}
        end
        if not least or n < least then
          walk, least = i, n
        end
      end
      local from = after == '' and '-' or '(' .. after
      local keys = redis.call('ZRANGEBYLEX', KEYS[walk], from, '+', 'LIMIT', 0, limit + 1)
      local found, stale = {''}, {}
      for i = 1, math.min(#keys, limit) do
        local key = keys[i]
        local e = p .. 'e:' .. key
        local h = redis.pcall('HMGET', e, 'c', 'u', 'x', 't', 's')
        if h.err then
          if string.find(h.err, 'WRONGTYPE', 1, true) then
            return {'!', e, 'it is no hash'}
          end
          add(found, key, '', '', '', '', '')
        elseif not h[1] and asking then
          add(found, key, '', '', '', '', '')
        else
          local tags = tagsOf(h[4])
          if malformed(e, {h[1], h[3], h[4]}, tags) then
            return {'!', e, 'it is no entry'}
          end
          local has = {}
          for _, tag in ipairs(tags) do
            has[tag] = true
          end
          local hit = which == 'all' or tags[1] == ARGV[5 + walk]
          for t = 6, #ARGV do
            hit = hit and has[ARGV[t]]
          end
          if hit then
            add(found, key, h[1], h[2] or '', h[3] or '', h[4], h[5] or '')
          elseif not has[ARGV[5 + walk]] then
            stale[#stale + 1] = key
          end
        end
      end
      if #stale > 0 and not asking then
        redis.pcall('ZREM', KEYS[walk], unpack(stale))
        if redis.pcall('EXISTS', KEYS[walk]) == 0 then
          redis.pcall('SREM', p .. 't', ARGV[5 + walk])
        end
      end
      if #keys > limit then
        found[1] = keys[limit]
      end
      return found
      """),

  /**
   * Removes what has expired, or lists it, and what is left in the indexes of entries that Redis
   * has removed itself. Keys: the partition's list of expiry times. Arguments: now, how many of
   * them to look at, {@code remove} or {@code list}. Returns how many entries it removed, whether
   * there are more, and the keys listed.
   */
  EXPIRE(
      """
      local now, limit, remove = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5] == 'remove'
      local members =
        redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[3], 'LIMIT', 0, limit)
      local removed, done, listed = 0, 0, {0, 0}
      for _, member in ipairs(members) do
        local at = string.find(member, '\\n', 1, true) or 0
        local key = string.sub(member, at + 1)
        local tags = tagsOf(at > 1 and string.sub(member, 1, at - 1)) or {}
        local e = p .. 'e:' .. key
        local h = redis.pcall('HMGET', e, 'c', 'x', 't')
        local current = not h.err and tagsOf(h[3])
        if current and not malformed(e, h, current) and not (asking and not h[1]) then
          if h[1] and h[2] and tonumber(h[2]) <= now then
            if remove then
              redis.call('UNLINK', e)
              forget(key, h, current)
              redis.pcall('ZREM', KEYS[1], member)
              removed = removed + 1
              done = done + 1
            else
              listed[#listed + 1] = key
            end
          else
            local has, lost = {}, {}
            for _, tag in ipairs(current) do
              has[tag] = true
            end
            for _, tag in ipairs(tags) do
              if not has[tag] then
                lost[#lost + 1] = tag
              end
            end
            untag(key, lost)
            redis.pcall('ZREM', KEYS[1], member)
            done = done + 1
          end
        end
      end
      listed[1] = removed
      listed[2] = (#members == limit and done > 0) and 1 or 0
      return listed
      """),

  /**
   * Tells whether a key holds something that is no entry, as 1 or 0: for who has read no entry and
   * found that the key exists, one after the other.
   */
  CHECK(
      """
      local h = redis.call('HMGET', KEYS[1], 'v', 'c')
      return (not (h[1] and h[2])) and redis.call('EXISTS', KEYS[1]) or 0
      """),

  /**
   * Reads how the database is laid out, and lays it out if it is new. Arguments: the number of
   * partitions of a new one. Returns version and number of partitions.
   */
  FORMAT(
      """
      local h = redis.call('HMGET', KEYS[1], 'version', 'partitions')
      if not h[1] and not h[2] then
        if redis.call('EXISTS', KEYS[1]) == 1 then
          return {'!', KEYS[1], 'it says neither version nor partitions'}
        end
        redis.call('HSET', KEYS[1], 'version', '1', 'partitions', ARGV[3])
        return {'1', ARGV[3]}
      end
      return {h[1] or '', h[2] or ''}
      """);

  private static final String COMMON =
      """
      local asking, p = ARGV[1] == '1', ARGV[2]
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
      local function untag(key, tags)
        if asking then
          return
        end
        for _, tag in ipairs(tags) do
          local i = p .. 'i:' .. tag
          if redis.pcall('ZREM', i, key) == 1 and redis.pcall('EXISTS', i) == 0 then
            redis.pcall('SREM', p .. 't', tag)
          end
        end
      end
      local function forget(key, h, tags)
        untag(key, tags)
        if h[2] and not asking then
          redis.pcall('ZREM', p .. 'x', (h[3] or '') .. '\\n' .. key)
        end
      end
      local function refusal(name, e)
        return string.find(e.err, 'WRONGTYPE', 1, true) and {'!', name, 'it has another type'} or e
      end
      local function add(list, ...)
        for _, text in ipairs({...}) do
          list[#list + 1] = text
        end
      end
      """;

  private final String source;
  private final String digest;

  Script(String body) {
    this.source = COMMON + body;
    try {
      byte[] utf8 = source.getBytes(StandardCharsets.UTF_8);
      this.digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(utf8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /** The text, for {@code EVAL}. */
  String source() {
    return source;
  }

  /** The digest by which the server knows it, for {@code EVALSHA}. */
  String digest() {
    return digest;
  }
}
