-- Meta of a session that Redis does not know (any more); the first one wins. ARGV 2… field, value; wall and seen are now.
if redis.call('EXISTS', KEYS[1]) == 1 then return {'known'} end
redis.call('DEL', KEYS[2])
local wall = int(wall_now())
redis.call('HSET', KEYS[1], 'wall', wall, 'seen', wall, unpack(ARGV, 2))
return {'ok'}
