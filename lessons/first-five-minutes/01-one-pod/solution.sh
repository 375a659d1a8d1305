@predict ready-at 4s
kubectl run web --image=nginx
@until ready(pod("web"))
@wait 2s
kubectl exec client -- wget -qO- $(kubectl get pod web -o jsonpath='{.status.podIP}')
@wait 2s
