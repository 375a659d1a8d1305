@apply answers/no-probe.yaml
@wait 90s
