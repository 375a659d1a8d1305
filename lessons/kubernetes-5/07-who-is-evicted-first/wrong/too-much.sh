@apply answers/too-much.yaml
@wait 120s
