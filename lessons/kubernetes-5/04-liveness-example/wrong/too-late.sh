kubectl apply -f saved.yaml
@until pods("try=saved").exists(p, up(p, "liveness"))
@wait 50s
kubectl exec saved -- touch /tmp/healthy
@wait 150s
