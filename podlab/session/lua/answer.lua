-- Answers without a window (a refusal, a command that was journalled before), and the queue's trimming.
-- KEYS 3 queue, 4 ids; ARGV 2 trim up to seq, 3… client id, 'seq t' or '', frame
local meta = read_meta()
if not meta then return {'absent'} end
local trim = tonumber(ARGV[2])
while true do
  local head = redis.call('LINDEX', KEYS[3], 0)
  if not head or tonumber(string.match(head, '^%d+')) > trim then break end
  redis.call('LPOP', KEYS[3])
end
for i = 3, #ARGV, 3 do
  if ARGV[i] ~= '' and ARGV[i + 1] ~= '' then
    redis.call('HSET', KEYS[4], ARGV[i], ARGV[i + 1])
    redis.call('EXPIRE', KEYS[4], 600)
  elseif ARGV[i] ~= '' then
    redis.call('HDEL', KEYS[4], ARGV[i])
  end
  emit(ARGV[i + 2])
end
return {'ok'}
