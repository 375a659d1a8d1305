@apply answers/not-quick.yaml
@until pods("try=quick").exists(p, ev("Killing", p) > 0)
kubectl delete pod -l try=quick --grace-period=1
@wait 5s
