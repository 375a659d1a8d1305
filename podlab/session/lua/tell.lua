-- Tell all pages: ARGV 2 'clock' for the anchor as it stands, else a frame.
local meta = read_meta()
if not meta then return {'absent'} end
emit(ARGV[2] == 'clock' and clock_frame(meta, wall_now()) or ARGV[2])
return {'ok'}
