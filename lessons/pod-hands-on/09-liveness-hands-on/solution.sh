@predict restart-at 25s
ssh node-1 curl -s $(kubectl get pod pod-liveness-httpget1 -o jsonpath='{.status.podIP}'):8080/status500
@until n(pod("pod-liveness-httpget1"), "app") >= 1
@wait 10s
ssh node-1 curl -s $(kubectl get pod pod2 -o jsonpath='{.status.podIP}'):8080/status500
@wait 70s
@apply answers/pod-both.yaml
@until pods("try=both").exists(p, ready(p))
@wait 10s
@predict out-at 1s
ssh node-1 curl -s $(kubectl get pod pod-both -o jsonpath='{.status.podIP}'):8080/status500
@until pods("try=both").exists(p, ready(p) && n(p, "app") >= 1)
@wait 2s
