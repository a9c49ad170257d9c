-- Whether a condition holds: any, absent, present, or equal, of the value that is expected.
local function meets(condition, alive, value, expected)
  if condition == 'equal' then
    return alive and value == expected
  end
  return condition == 'any' or (condition == 'present') == alive
end
