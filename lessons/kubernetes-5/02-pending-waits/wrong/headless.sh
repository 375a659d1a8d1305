kubectl cordon node-1 node-2
kubectl apply -f init-pod-example.yaml
@wait 5s
kubectl uncordon node-1
@wait 10s
kubectl create service clusterip myservice --clusterip=None
@wait 30s
