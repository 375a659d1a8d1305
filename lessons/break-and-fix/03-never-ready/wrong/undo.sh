kubectl rollout undo deploy/shop
@wait 90s
