@apply answers/on-failure.yaml
@wait 60s
