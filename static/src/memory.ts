/** Memory of a node: who uses what, who would be evicted first, and whom the kernel would choose. Pure, with the rules of the cluster. */
import { type Container, type Node, type Pod, isSidecar, quantity } from "./kube";
import { podsOn } from "./objects";
import { heldByNode, memoryOfPod } from "./plans";
import type { State } from "./state";

export const MIB = 2 ** 20;

/** What a Pod uses and asked for, in bytes. */
export interface Share {
  readonly name: string;
  readonly uid: string;
  readonly used: number;
  readonly requested: number;
  readonly priority: number;
  readonly qos: string;
}

/** `640 Mi`, rounded to whole ones. */
export function mi(bytes: number): string {
  return `${Math.round(bytes / MIB)} Mi`;
}

/** The containers that count: regular ones and sidecars. */
function counting(pod: Pod): readonly Container[] {
  return [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter(isSidecar)];
}

export function requestedBy(pod: Pod): number {
  return counting(pod).reduce((sum, each) => sum + quantity(each.resources?.requests?.memory), 0);
}

/** The Pods of a node of which it is known what they use, first those that would be evicted first: over their request, lower priority, further over. */
export function ranking(state: State, node: string, t: number): Share[] {
  const shares = podsOn(state, node).flatMap((pod) => {
    const used = memoryOfPod(state, pod, t);
    return used === null ? [] : [{ name: pod.metadata.name, uid: pod.metadata.uid, used, requested: requestedBy(pod), priority: pod.spec.priority ?? 0, qos: pod.status?.qosClass ?? "" }];
  });
  const over = (each: Share): number => each.used - each.requested;
  return shares.sort((a, b) => Number(over(a) <= 0) - Number(over(b) <= 0) || a.priority - b.priority || over(b) - over(a));
}

/** A ranking as the kubelet told it when it evicted: `name used requested priority`, in lines. */
export function told(text: string): Share[] {
  return text.split("\n").filter(Boolean).map((line) => {
    const [name = "", used = "0", requested = "0", priority = "0"] = line.split(" ");
    return { name, uid: "", used: Number(used), requested: Number(requested), priority: Number(priority), qos: "" };
  });
}

export interface Gauge {
  readonly capacity: number;
  /** What must stay free: capacity less allocatable. */
  readonly threshold: number;
  readonly used: number;
  readonly system: number;
  readonly free: number;
}

/** A node’s memory at an instant. */
export function gaugeOf(state: State, node: Node, t: number): Gauge {
  const capacity = quantity(node.status?.capacity?.memory);
  const system = heldByNode(state, node.metadata.name, t);
  const used = podsOn(state, node.metadata.name).reduce((sum, pod) => sum + (memoryOfPod(state, pod, t) ?? 0), system);
  return { capacity, threshold: capacity - quantity(node.status?.allocatable?.memory), used, system, free: capacity - used };
}

/** How the kernel ranks a Pod’s processes when there is no memory left: its adjustment and its share of the machine in thousandths. */
export interface Score extends Share {
  /** The arithmetic of the adjustment; empty where the class fixes it. */
  readonly sum: string;
  readonly adjustment: number;
  readonly share: number;
}

const FIXED: Readonly<Record<string, number>> = { Guaranteed: -997, BestEffort: 1000 };

export function scores(shares: readonly Share[], capacity: number): Score[] {
  return shares.map((each) => scored(each, capacity)).sort((a, b) => b.adjustment + b.share - a.adjustment - a.share);
}

function scored(each: Share, capacity: number): Score {
  const fixed = FIXED[each.qos];
  const wanted = 1000 - Math.floor((1000 * each.requested) / capacity);
  const adjustment = fixed ?? (wanted < 3 ? 3 : wanted === 1000 ? 999 : wanted);
  const sum = fixed === undefined ? `1000 − 1000 × ${Math.round(each.requested / MIB)} / ${Math.round(capacity / MIB)}` : "";
  return { ...each, sum, adjustment, share: Math.floor((1000 * each.used) / capacity) };
}
