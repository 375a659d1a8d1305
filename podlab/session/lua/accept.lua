-- A command: fix its instant, queue it, hold the old future, kick the shard.
-- KEYS 3 queue, 4 ids, 5 rate, 6 ready, 7 lock; ARGV 2 client id, 3 entry, 4 rate limit, 5 kick ms, 6 queue limit
local meta = read_meta()
if not meta then return {'absent'} end
local wall = wall_now()
local known = redis.call('HGET', KEYS[4], ARGV[2])
if known then
  local waits = redis.call('LLEN', KEYS[3]) > 0
  return {'known', known, waits and kick(KEYS[6], KEYS[7], wall, ARGV[5]) or 0}
end
local second = math.floor(wall / 1000)
if redis.call('HGET', KEYS[5], 's') ~= int(second) then redis.call('HSET', KEYS[5], 's', int(second), 'n', 0) end
redis.call('EXPIRE', KEYS[5], 5)
if redis.call('HINCRBY', KEYS[5], 'n', 1) > tonumber(ARGV[4]) or redis.call('LLEN', KEYS[3]) >= tonumber(ARGV[6]) then return {'slow'} end
local anchored = see(meta, wall)
local t = virtual(meta, wall)
if t >= meta.limit then return {'limit'} end
if t <= meta.last_t then t = meta.last_t + 1 end
local seq = meta.seq + 1
if meta.paused == 1 and t > meta.virtual then
  meta.virtual = t
  redis.call('HSET', KEYS[1], 'virtual', int(t))
  anchored = true
end
redis.call('HSET', KEYS[1], 'seq', int(seq), 'last_t', int(t))
redis.call('RPUSH', KEYS[3], int(seq) .. ' ' .. int(t) .. ' ' .. int(wall) .. ' ' .. ARGV[3])
redis.call('HSET', KEYS[4], ARGV[2], '0 0')
redis.call('EXPIRE', KEYS[4], 600)
emit('{"kind":"hold","cursor":0,"t":' .. int(t) .. ',"epoch":' .. int(seq) .. '}')
if anchored then emit(clock_frame(meta, wall)) end
return {'ok', int(seq), int(t), kick(KEYS[6], KEYS[7], wall, ARGV[5]), anchored and 1 or 0}
