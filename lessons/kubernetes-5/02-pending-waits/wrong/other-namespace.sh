kubectl cordon node-1 node-2
kubectl apply -f init-pod-example.yaml
@wait 5s
kubectl uncordon node-1
@wait 10s
@apply answers/other-namespace.yaml
@wait 30s
