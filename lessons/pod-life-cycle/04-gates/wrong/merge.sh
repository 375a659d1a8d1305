kubectl patch pod held -p '{"spec":{"schedulingGates":[]}}'
@wait 45s
