kubectl apply -f line-up.yaml
@until ready(pod("line-up"))
@apply answers/third-fails.yaml
@wait 60s
