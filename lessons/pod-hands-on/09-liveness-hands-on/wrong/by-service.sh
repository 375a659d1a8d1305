# The Service may choose pod2; the Pod with the probe is left alone.
kubectl label pod pod-liveness-httpget1 app-
@wait 2s
ssh node-1 curl -s 10.96.80.9:8080/status500
kubectl label pod pod-liveness-httpget1 app=liveness
@wait 60s
