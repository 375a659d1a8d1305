@apply answers/classes.yaml
kubectl apply -f load.yaml
@until pod("scratch").status.reason == "Evicted"
@predict order [leaky-burst, report-gen, batch-tiny, payments, guaranteed-pod, steady-burst]
@until pod("leaky-burst").status.reason == "Evicted"
@wait 62s
kubectl delete pods -l app=load --now
@until cond(node("node-1"), "MemoryPressure") == "False"
@wait 30s
@apply answers/honest.yaml
@wait 120s
