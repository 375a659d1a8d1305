-- Somebody looks at the session. Heals the clock; a Redis that was started anew gets a new place in the stream.
-- KEYS 3 ready, 4 lock; ARGV 2 run id of the server, 3 new position, 4 kick ms, 5 wall ms of margin
local meta = read_meta()
if not meta then return {'absent'} end
local wall = wall_now()
if meta.run ~= ARGV[2] then
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'run', ARGV[2], 'pos', ARGV[3])
end
local anchored = see(meta, wall)
if anchored then emit(clock_frame(meta, wall)) end
local now = virtual(meta, wall)
local work = meta['until'] < math.min(meta.limit, now + tonumber(ARGV[5]) * meta.speed)
return {'ok', anchored and 1 or 0, work and kick(KEYS[3], KEYS[4], wall, ARGV[4]) or 0}
