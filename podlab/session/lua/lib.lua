-- What all scripts share. KEYS[1] is always the session's meta hash, KEYS[2] its stream; ARGV[1] the session's id.
local KEEP = 256 -- frames of a stream that a client may have missed and still catch up

local function int(number)
  return string.format('%.0f', number)
end

local function wall_now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local FIELDS = {
  'engine', 'branch', 'epoch', 'seq', 'until', 'n', 'last_t', 'wall', 'virtual', 'speed', 'paused', 'seen', 'linger', 'limit', 'parked',
  'run', 'pos'
}

-- Nil: Redis does not know the session, or what it knows lacks something (an older Podlab wrote it): it is rebuilt from the database.
local function read_meta()
  local raw = redis.call('HGETALL', KEYS[1])
  local meta = {}
  for i = 1, #raw, 2 do meta[raw[i]] = tonumber(raw[i + 1]) or raw[i + 1] end
  for _, name in ipairs(FIELDS) do
    if meta[name] == nil then return nil end
  end
  return meta
end

-- The virtual now. The clock stands while paused, and `linger` after somebody was seen last.
local function virtual(meta, wall)
  if meta.paused == 1 then return meta.virtual end
  local stop = meta.seen + meta.linger
  if wall > stop then wall = stop end
  if wall < meta.wall then wall = meta.wall end
  return math.min(meta.limit, meta.virtual + math.floor((wall - meta.wall) * meta.speed))
end

-- Somebody is here. A wall clock that jumped, or a clock that stood because all had left, gets a new anchor: true then.
-- After a jump back nobody knows how long ago `seen` was: at most a third of `linger`, for so often pages say that they are there.
local function see(meta, wall)
  local away = wall - meta.seen
  local jumped = away > meta.linger or away < -1000
  if jumped and meta.paused == 0 then
    meta.virtual = virtual(meta, away < 0 and meta.seen + math.floor(meta.linger / 3) or wall)
    meta.wall = wall
    redis.call('HSET', KEYS[1], 'wall', int(wall), 'virtual', int(meta.virtual))
  end
  meta.seen = wall
  redis.call('HSET', KEYS[1], 'seen', int(wall))
  return jumped and meta.paused == 0
end

local function emit(frame)
  local position = int(redis.call('HINCRBY', KEYS[1], 'pos', 1))
  frame = string.gsub(frame, '"cursor":0', '"cursor":' .. position, 1)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', KEEP, position .. '-0', 'f', frame)
  redis.call('PUBLISH', 'podlab:live:' .. ARGV[1], position .. ' ' .. frame)
end

local function clock_frame(meta, wall)
  return '{"kind":"clock","cursor":0,"server_ms":' .. int(wall) .. ',"anchor":{"wall_ms":' .. int(meta.wall)
    .. ',"virtual_ms":' .. int(meta.virtual) .. ',"speed":' .. tostring(meta.speed)
    .. ',"paused":' .. (meta.paused == 1 and 'true' or 'false') .. '}}'
end

-- A task for a shard, on its way since `wall`: 1 when the caller has to send it, 0 when there is one already. The lock says when it was
-- taken: after a wall clock that jumped back it would not end by itself for as long.
local function take(lock, wall, ttl)
  local since = tonumber(redis.call('GET', lock))
  if since and since <= wall and wall < since + ttl then return 0 end
  redis.call('SET', lock, int(wall), 'PX', int(ttl))
  return 1
end

-- Work for a shard.
local function kick(ready, lock, wall, ttl)
  redis.call('SADD', ready, ARGV[1])
  return take(lock, wall, tonumber(ttl))
end
