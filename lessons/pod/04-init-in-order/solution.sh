@predict app-at 17s
kubectl apply -f line-up.yaml
@until ready(pod("line-up"))
@predict fourth-start 30s
@apply answers/stuck.yaml
@until pods("try=stuck").exists(p, looping(p, "two") && n(p, "two") >= 3)
kubectl logs stuck -c two --previous
@apply answers/never.yaml
@until pods("try=never").exists(p, p.status.phase == "Failed")
@apply answers/mended.yaml
@until pods("try=mended").exists(p, ready(p))
@wait 2s
