# The loop of the document, on a node: the workstation cannot reach Service addresses.
@terminal 2
ssh node-1
while true; do date && curl 10.96.80.8:8080/hostname; sleep 1; done @background
@terminal 1
kubectl apply -f pod-readiness-exec1.yaml
@until ready(pod("pod1")) && up(pod("pod-readiness-exec1"), "readiness")
@wait 12s
kubectl describe endpoints svc-readiness
ssh $(kubectl get pod pod-readiness-exec1 -o jsonpath='{.spec.nodeName}') touch /tmp/readiness/ready.txt
@predict ready-at 25s
@until ready(pod("pod-readiness-exec1"))
kubectl describe endpoints svc-readiness
kubectl describe pod pod-readiness-exec1 | grep -A5 Conditions
@wait 10s
ssh $(kubectl get pod pod-readiness-exec1 -o jsonpath='{.spec.nodeName}') rm /tmp/readiness/ready.txt
@predict lost-at 25s
@until !ready(pod("pod-readiness-exec1"))
@wait 5s
