kubectl apply -f liveness-example.yaml
@until ev("Killing", pod("liveness-example")) > 0
kubectl delete pod liveness-example --now
@wait 5s
