@apply answers/logs-wrong-path.yaml
@until pods("try=logs").exists(p, ready(p))
@wait 15s
