kubectl cordon node-1 node-2
kubectl apply -f init-pod-example.yaml
@until why(pod("init-pod-example"), "PodScheduled") == "Unschedulable"
kubectl uncordon node-1
@until up(pod("init-pod-example"), "init-myservice")
@wait 10s
kubectl logs init-pod-example -c init-myservice
@predict needs-a-pod [true, false, false]
@predict ready-after 8s
kubectl create service clusterip myservice --tcp=80:80
@until ready(pod("init-pod-example"))
@wait 2s
