ssh node-1 curl -s $(kubectl get pod pod-liveness-httpget1 -o jsonpath='{.status.podIP}'):8080/status500
@wait 3s
kubectl delete pod pod-liveness-httpget1
@apply pod-liveness-httpget1.yaml
@wait 60s
