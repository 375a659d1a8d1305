@apply answers/web-1.yaml
@apply answers/web-2.yaml
@until size(addr("web")) >= 2
kubectl delete pod web-1 --wait=false
@wait 30s
