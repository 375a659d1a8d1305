kubectl taint nodes node-1 hard=yes:NoExecute
@wait 20s
@apply answers/tolerates-other-effect.yaml
@wait 20s
