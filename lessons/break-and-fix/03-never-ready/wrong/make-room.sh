kubectl delete $(kubectl get pods -l app=shop -o name | head -2)
@wait 10s
@apply answers/mended.yaml
@wait 90s
