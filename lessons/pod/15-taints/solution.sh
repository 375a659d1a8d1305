kubectl describe node control-plane | grep Taints
@apply answers/cp.yaml
@until pods("try=cp").exists(p, ready(p))
kubectl taint nodes node-1 soft=yes:PreferNoSchedule
@apply answers/soft.yaml
@until pods("try=soft").exists(p, ready(p))
kubectl cordon node-2
@apply answers/soft2.yaml
@until pods("try=soft").all(p, ready(p))
kubectl uncordon node-2
@predict matrix [true, true, false, true]
kubectl taint nodes node-1 hard=yes:NoExecute
@until pods("app=web").filter(p, !gone(p) && ready(p) && on(p) == "node-2").size() == 4
@predict allowed [false, true, true]
@apply answers/tolerates.yaml
@until pods("try=tolerates").exists(p, ready(p))
@wait 8s
