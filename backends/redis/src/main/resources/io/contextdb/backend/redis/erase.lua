-- Removes what is about subjects: keys like any other change of keys, payloads of events afterwards.
function plan.E(index)
  local subjects = takeList()
  for _, subject in ipairs(subjects) do eraseKeys(subject) end
  later[index] = function()
    for _, subject in ipairs(subjects) do eraseEvents(subject) end
    return 'R 0'
  end
end
