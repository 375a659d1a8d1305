@apply pod-both.yaml
@until pods("try=both").exists(p, ready(p))
@wait 5s
ssh node-1 curl -s $(kubectl get pod pod-both -o jsonpath='{.status.podIP}'):8080/status500
@wait 15s
