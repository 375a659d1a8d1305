-- Nobody is here: what is left is one checkpoint. Only if nothing has happened since it was computed.
-- KEYS 3 queue, 4 future, 5 checkpoints, 6 ids, 7 rate; ARGV 2 epoch, 3 until before, 4 virtual ms, 5 last n, 6 checkpoint's key, 7 checkpoint
local meta = read_meta()
if not meta then return {'absent'} end
local wall = wall_now()
local here = wall <= meta.seen + meta.linger
if here or redis.call('LLEN', KEYS[3]) > 0 or meta.epoch ~= tonumber(ARGV[2]) or meta['until'] ~= tonumber(ARGV[3])
  or virtual(meta, wall) ~= tonumber(ARGV[4]) then return {'stale'} end
redis.call('DEL', KEYS[2], KEYS[4], KEYS[5], KEYS[6], KEYS[7])
redis.call('HSET', KEYS[5], ARGV[6], ARGV[7])
redis.call('HSET', KEYS[1], 'until', ARGV[4], 'n', ARGV[5], 'parked', 1)
return {'ok'}
