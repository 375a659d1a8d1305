@terminal 2
ssh node-1
while true; do date && curl 10.96.80.8:8080/hostname; sleep 1; done @background
@terminal 1
kubectl apply -f pod-readiness-exec1.yaml
@wait 20s
# The node on which the Pod is not.
ssh $(kubectl get pod pod1 -o jsonpath='{.spec.nodeName}') mkdir -p /tmp/readiness
ssh $(kubectl get pod pod1 -o jsonpath='{.spec.nodeName}') touch /tmp/readiness/ready.txt
@wait 60s
