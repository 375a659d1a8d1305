-- Meta of a session that Redis does not know (any more, or not whole); the first one wins. KEYS 3 future, 4 checkpoints; ARGV 2… field, value; wall and seen are now.
if read_meta() then return {'known'} end
redis.call('DEL', unpack(KEYS))
local wall = int(wall_now())
redis.call('HSET', KEYS[1], 'wall', wall, 'seen', wall, unpack(ARGV, 2))
return {'ok'}
