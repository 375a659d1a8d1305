@apply answers/not-quick.yaml
@wait 100s
