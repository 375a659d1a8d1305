@fault isolate node-2
@wait 420s
@fault heal node-2
@wait 60s
