@fault isolate node-2
@wait 120s
@fault heal node-2
@wait 30s
@fault isolate node-2
@until gone(pod("lonely"))
@wait 30s
kubectl delete pod lonely --force --grace-period=0
@wait 10s
@fault heal node-2
@wait 60s
