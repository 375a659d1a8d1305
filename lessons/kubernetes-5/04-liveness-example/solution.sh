kubectl apply -f liveness-example.yaml
@predict term-at 45s
@predict restart-at 75s
@until n(pod("liveness-example"), "liveness") >= 3
@predict sixth 530s
@predict quarter 7
kubectl apply -f saved.yaml
@until pods("try=saved").exists(p, up(p, "liveness"))
@wait 32s
kubectl exec saved -- touch /tmp/healthy
@wait 100s
@apply answers/quick.yaml
@until pods("try=quick").exists(p, n(p, "liveness") >= 1)
@until n(pod("liveness-example"), "liveness") >= 6
@wait 400s
