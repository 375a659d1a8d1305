kubectl taint nodes node-1 hard=yes:NoSchedule
@wait 60s
