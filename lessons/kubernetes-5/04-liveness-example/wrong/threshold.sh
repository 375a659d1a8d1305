@apply answers/saved-threshold.yaml
@wait 180s
