kubectl run web --image=nginx
@until ready(pod("web"))
wget -qO- -T 5 $(kubectl get pod web -o jsonpath='{.status.podIP}')
@wait 10s
