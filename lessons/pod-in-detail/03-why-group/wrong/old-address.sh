@apply answers/together-old-address.yaml
@until pods("try=together").exists(p, ready(p))
@wait 15s
