kubectl run mine --image=nginx
@until ready(pod("mine"))
@wait 5s
