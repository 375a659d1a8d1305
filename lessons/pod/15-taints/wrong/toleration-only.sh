# Workers score better than the control plane, which preferred Pods keep away from only by its taint: cordon none, simply try.
kubectl cordon control-plane
@apply answers/cp-toleration-only.yaml
@wait 20s
kubectl uncordon control-plane
@wait 5s
