-- A task for a shard without a session of its own: 1 when the caller has to send it. KEYS 1 lock; ARGV 1 kick ms
return take(KEYS[1], wall_now(), tonumber(ARGV[1]))
