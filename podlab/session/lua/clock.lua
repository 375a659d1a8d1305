-- A new anchor, not told yet (`tell.lua` does, once it is in the database).
-- ARGV 2 speed, 3 paused, 4 least virtual ms (a step) or ''; 5 '1': a step must not go beyond the known future
local meta = read_meta()
if not meta then return {'absent'} end
local wall = wall_now()
see(meta, wall)
local now = virtual(meta, wall)
if ARGV[4] ~= '' then now = math.max(now, math.min(tonumber(ARGV[4]), meta['until'], meta.limit)) end
redis.call('HSET', KEYS[1], 'wall', int(wall), 'virtual', int(now), 'speed', ARGV[2], 'paused', ARGV[3])
return {'ok', int(wall), int(now)}
