/** Finding objects in a state. */
import type { Event, Node, Obj, Pod } from "./kube";
import type { State } from "./state";

/** All objects of a kind, by name. */
export function all<Kind extends Obj>(state: State, kind: string): Kind[] {
  return ([...state.objects.values()].filter((each) => each.kind === kind) as Kind[]).sort(byName);
}

/** The Events about an object, the one told last at the end. */
export function eventsAbout(state: State, uid: string): Event[] {
  const version = (event: Event): number => Number(event.metadata.resourceVersion ?? 0);
  return all<Event>(state, "Event")
    .filter((each) => each.involvedObject.uid === uid)
    .sort((a, b) => version(a) - version(b));
}

/** The Pods, the learner’s own first. */
export function podsOf(state: State): Pod[] {
  const pods = all<Pod>(state, "Pod");
  return [...pods.filter((each) => !isSystem(each)), ...pods.filter(isSystem)];
}

/** The nodes, the control plane first. */
export function nodesOf(state: State): Node[] {
  const nodes = all<Node>(state, "Node");
  return [...nodes.filter(isControlPlane), ...nodes.filter((each) => !isControlPlane(each))];
}

/** Whether a Pod belongs to the cluster itself. */
export function isSystem(pod: Pod): boolean {
  return pod.metadata.namespace === "kube-system";
}

export function isControlPlane(node: Node): boolean {
  return "node-role.kubernetes.io/control-plane" in (node.metadata.labels ?? {});
}

function byName(a: Obj, b: Obj): number {
  return a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0;
}
