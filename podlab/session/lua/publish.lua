-- A window: only onto what it was computed from. Answers and the queue's trimming go with it.
-- KEYS 3 queue, 4 ids, 5 future, 6 checkpoints; ARGV 2 epoch, 3 from t, 4 until, 5 last n, 6 window, 7 cut chunk's key or '', 8 cut chunk,
-- 9 trim up to seq, 10 checkpoint's key or '', 11 checkpoint, 12… client id, 'seq t', frame
local meta = read_meta()
if not meta then return {'absent'} end
local epoch, from = tonumber(ARGV[2]), tonumber(ARGV[3])
local newer = epoch > meta.epoch
if not newer and not (epoch == meta.epoch and from == meta['until']) then return {'stale'} end
if newer then
  for _, key in ipairs(redis.call('HKEYS', KEYS[5])) do
    if tonumber(key) >= from then redis.call('HDEL', KEYS[5], key) end
  end
  for _, key in ipairs(redis.call('HKEYS', KEYS[6])) do
    local seq, t = string.match(key, '^(%d+):(%-?%d+)')
    if tonumber(t) > from and tonumber(seq) < epoch then redis.call('HDEL', KEYS[6], key) end
  end
  if ARGV[7] ~= '' then redis.call('HSET', KEYS[5], ARGV[7], ARGV[8]) end
end
redis.call('HSET', KEYS[5], ARGV[3], ARGV[6])
redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'until', ARGV[4], 'n', ARGV[5], 'parked', 0)
if epoch > meta.seq then redis.call('HSET', KEYS[1], 'seq', ARGV[2]) end
if ARGV[10] ~= '' then redis.call('HSET', KEYS[6], ARGV[10], ARGV[11]) end
local trim = tonumber(ARGV[9])
while true do
  local head = redis.call('LINDEX', KEYS[3], 0)
  if not head or tonumber(string.match(head, '^%d+')) > trim then break end
  redis.call('LPOP', KEYS[3])
end
emit(ARGV[6])
for i = 12, #ARGV, 3 do
  if ARGV[i + 1] ~= '' then
    redis.call('HSET', KEYS[4], ARGV[i], ARGV[i + 1])
    redis.call('EXPIRE', KEYS[4], 600)
  else
    redis.call('HDEL', KEYS[4], ARGV[i])
  end
  emit(ARGV[i + 2])
end
-- Of the checkpoints before the next possible command only the newest is needed.
local wall = wall_now()
local floor = math.min(virtual(meta, wall), tonumber(ARGV[4]))
local head = redis.call('LINDEX', KEYS[3], 0)
if head then floor = math.min(floor, tonumber(string.match(head, '^%d+ (%-?%d+)'))) end
local best, best_t, best_seq = nil, nil, nil
for _, key in ipairs(redis.call('HKEYS', KEYS[6])) do
  local seq, t = string.match(key, '^(%d+):(%-?%d+)')
  seq, t = tonumber(seq), tonumber(t)
  if t <= floor then
    local better = best == nil or t > best_t or (t == best_t and seq > best_seq)
    local loser = key
    if better then
      loser = best
      best, best_t, best_seq = key, t, seq
    end
    if loser then redis.call('HDEL', KEYS[6], loser) end
  end
end
return {'ok', int(wall), int(virtual(meta, wall)), redis.call('LLEN', KEYS[3])}
