@apply answers/alone.yaml
@wait 120s
