kubectl apply -f web.yaml
@until ready(pod("web"))
