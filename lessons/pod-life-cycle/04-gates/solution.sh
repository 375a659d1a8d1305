kubectl patch pod held -p '{"spec":{"nodeSelector":{"kubernetes.io/hostname":"node-2"}}}'
@predict status [true, false, false]
kubectl patch pod held --type=json -p '[{"op":"remove","path":"/spec/schedulingGates/0"}]'
@wait 3s
@predict attempts 0
kubectl patch pod held --type=json -p '[{"op":"remove","path":"/spec/schedulingGates/0"}]'
@until ready(pod("held"))
kubectl patch pod held --type=json -p '[{"op":"add","path":"/spec/schedulingGates","value":[{"name":"example.com/late"}]}]'
@wait 1s
