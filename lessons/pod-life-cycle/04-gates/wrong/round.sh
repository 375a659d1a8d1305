kubectl delete pod held
@apply answers/ungated.yaml
@until ready(pod("held"))
@wait 5s
