/** Finding objects in a state. What is found is kept with the state: states never change. */
import type { Event, Node, Obj, Pod } from "./kube";
import type { State } from "./state";

interface Found {
  readonly kinds: Map<string, Obj[]>;
  readonly lists: Map<string, Obj[]>;
}

const found = new WeakMap<State["objects"], Found>();

/** All objects of a kind, by name. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says which kind it asks for
export function all<Kind extends Obj>(state: State, kind: string): readonly Kind[] {
  return once(state, `all ${kind}`, (kinds) => (kinds.get(kind) ?? []).sort(byName)) as readonly Kind[];
}

/** The Events about an object, the one told last at the end. */
export function eventsAbout(state: State, uid: string): readonly Event[] {
  const version = (event: Event): number => Number(event.metadata.resourceVersion ?? 0);
  return once(state, `events ${uid}`, (kinds) =>
    ((kinds.get("Event") ?? []) as Event[]).filter((each) => each.involvedObject.uid === uid).sort((a, b) => version(a) - version(b)),
  ) as Event[];
}

/** The Pods, the learner’s own first. */
export function podsOf(state: State): readonly Pod[] {
  return once(state, "pods", () => {
    const pods = all<Pod>(state, "Pod");
    return [...pods.filter((each) => !isSystem(each)), ...pods.filter(isSystem)];
  }) as Pod[];
}

/** The newest Pod of the learner’s own, if there is one. */
export function newestOwn(state: State): Pod | undefined {
  const born = (pod: Pod): string => pod.metadata.creationTimestamp ?? "";
  return podsOf(state).filter((each) => !isSystem(each)).sort((one, other) => (born(one) < born(other) ? -1 : 1)).at(-1);
}

/** The nodes, the control plane first. */
export function nodesOf(state: State): readonly Node[] {
  return once(state, "nodes", () => {
    const nodes = all<Node>(state, "Node");
    return [...nodes.filter(isControlPlane), ...nodes.filter((each) => !isControlPlane(each))];
  });
}

/** The node of that name. */
export function nodeNamed(state: State, name: string | undefined): Node | undefined {
  return name ? nodesOf(state).find((each) => each.metadata.name === name) : undefined;
}

/** The Pods on a node. */
export function podsOn(state: State, node: string): readonly Pod[] {
  return once(state, `on ${node}`, () => podsOf(state).filter((each) => each.spec.nodeName === node)) as Pod[];
}

/** Whether a Pod belongs to the cluster itself. */
export function isSystem(pod: Obj): boolean {
  return pod.metadata.namespace === "kube-system";
}

export function isControlPlane(node: Node): boolean {
  return "node-role.kubernetes.io/control-plane" in (node.metadata.labels ?? {});
}

function once(state: State, name: string, find: (kinds: ReadonlyMap<string, Obj[]>) => Obj[]): readonly Obj[] {
  const known = found.get(state.objects) ?? { kinds: byKind(state), lists: new Map<string, Obj[]>() };
  found.set(state.objects, known);
  const kept = known.lists.get(name);
  if (kept) return kept;
  const made = find(known.kinds);
  known.lists.set(name, made);
  return made;
}

function byKind(state: State): Map<string, Obj[]> {
  const kinds = new Map<string, Obj[]>();
  for (const each of state.objects.values()) {
    const same = kinds.get(each.kind);
    if (same) same.push(each);
    else kinds.set(each.kind, [each]);
  }
  return kinds;
}

function byName(a: Obj, b: Obj): number {
  return a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0;
}
