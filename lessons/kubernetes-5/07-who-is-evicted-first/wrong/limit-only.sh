@apply answers/limit-only.yaml
@wait 150s
