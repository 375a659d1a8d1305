@fault isolate node-2
@predict not-ready-at 50s
@until cond(node("node-2"), "Ready") == "Unknown"
@wait 60s
@fault heal node-2
@until ready(pod("lonely"))
@wait 30s
@fault isolate node-2
@until gone(pod("lonely"))
@wait 30s
@fault heal node-2
@until pod("lonely") == null
@wait 5s
