-- A session was served: 1 when commands came meanwhile, and it stays in the shard's set.
-- KEYS 3 queue, 4 ready, 5 due, 6 marks; ARGV 2 due wall ms or ''
redis.call('HDEL', KEYS[6], ARGV[1])
if ARGV[2] ~= '' then redis.call('ZADD', KEYS[5], ARGV[2], ARGV[1]) else redis.call('ZREM', KEYS[5], ARGV[1]) end
if redis.call('LLEN', KEYS[3]) > 0 then return 1 end
redis.call('SREM', KEYS[4], ARGV[1])
return 0
