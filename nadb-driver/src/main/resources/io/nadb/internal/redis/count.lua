-- Counts how many keys stand in indexes.
-- KEYS  1 the set of tags that have an index
-- ARGV  3 the cursor of SSCAN, 4 how many tags to look at, about, 5 whether indexes may have members
--       without entries, since a namespace is or was being cleared (1)
-- Returns where to go on (0 at the end), and then tags and counts in turns; or -1 if an index may be
-- lost, is being made anew, or can't be asked.
if redis.call('SISMEMBER', KEYS[1], '\255') == 1 then
  return {-1}
end
local page = redis.call('SSCAN', KEYS[1], ARGV[3], 'COUNT', ARGV[4])
local counts = {page[1]}
for _, tag in ipairs(page[2]) do
  if string.byte(tag) == 254 then
    if ARGV[5] ~= '1' or tag ~= '\254clear' then
      return {-1}
    end
  elseif tag ~= '' then
    local count = redis.pcall('ZCARD', ARGV[2] .. 'i:' .. tag)
    if type(count) ~= 'number' or count == 0 then
      return {-1}
    end
    counts[#counts + 1] = tag
    counts[#counts + 1] = count
  end
end
return counts
