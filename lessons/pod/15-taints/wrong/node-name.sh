@apply answers/cp-node-name.yaml
@wait 20s
