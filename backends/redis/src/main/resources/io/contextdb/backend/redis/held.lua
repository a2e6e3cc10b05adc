-- Nobody reads while it is open whether a batch counts.
local held = holder()
if held then return refusedBy(held) end
