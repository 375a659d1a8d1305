@fault isolate node-2
@wait 30s
@fault heal node-2
@wait 60s
