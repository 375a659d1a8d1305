@predict at-600 [true, false, false]
@until cond(deploy("shop"), "Progressing") == "False"
kubectl patch deploy shop --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe/httpGet/port","value":8080}]'
@until deploy("shop").status.availableReplicas == 3 && deploy("shop").status.updatedReplicas == 3
@wait 65s
