kubectl run web --image=ngnix
@wait 30s
