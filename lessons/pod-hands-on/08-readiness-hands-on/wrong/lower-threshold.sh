@terminal 2
ssh node-1
while true; do date && curl 10.96.80.8:8080/hostname; sleep 1; done @background
@terminal 1
kubectl apply -f pod-readiness-exec1.yaml
@wait 20s
kubectl delete pod pod-readiness-exec1
sed 's/successThreshold: 3/successThreshold: 1/' pod-readiness-exec1.yaml > easy.yaml
kubectl apply -f easy.yaml
@wait 3s
ssh $(kubectl get pod pod-readiness-exec1 -o jsonpath='{.spec.nodeName}') touch /tmp/readiness/ready.txt
@wait 60s
