@predict crossing 0
@apply answers/together.yaml
@until pods("try=together").exists(p, ready(p))
@wait 12s
@apply answers/logs.yaml
@until pods("try=logs").exists(p, ready(p))
@wait 6s
kubectl create deployment web --image=kubetm/app --replicas=2
@until size(addr("web")) >= 2
@predict without 1s
kubectl delete $(kubectl get pods -l app=web -o name | head -1) --wait=false
@wait 25s
