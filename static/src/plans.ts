/** What is under way, and when it ends: probes’ tries, back-off, memory. Pure: over a state and an instant. */
import type { Clock } from "./clock";
import type { Container, ContainerStatus, Pod, Probe } from "./kube";
import type { Seen, State } from "./state";
import type { MemorySeen, ProbeSeen, QueueSeen } from "./wire";

const DEFAULT_SCHEDULER = "default-scheduler";
export const PROBES = ["startup", "readiness", "liveness"] as const;
export type ProbeKind = (typeof PROBES)[number];
export type Outcome = "Success" | "Failure" | "Unknown" | "";

/** A probe at an instant: its last outcome, what is counted (`done` of `all`, successes or failures), and the next try (null: none is known). */
export interface ProbeNow {
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly outcome: Outcome;
  readonly counts: "Success" | "Failure";
  readonly done: number;
  readonly all: number;
  readonly passing: boolean;
  readonly next: number | null;
}

/** The spec of a container’s probe. */
export function probeSpec(container: Container, kind: ProbeKind): Probe | undefined {
  return container[`${kind}Probe`];
}

/** The probes of a container that runs; none of one that does not. */
export function probesNow(state: State, pod: Pod, container: Container, status: ContainerStatus | undefined, t: number): ProbeNow[] {
  if (!status?.state?.running) return [];
  return PROBES.flatMap((kind) => {
    const probe = probeSpec(container, kind);
    return probe ? [probeNow(told(state, pod, container.name, kind), kind, probe, status, t)] : [];
  });
}

function told(state: State, pod: Pod, container: string, kind: ProbeKind): ProbeSeen | undefined {
  return state.seen.get(`probe ${pod.metadata.uid} ${kind} ${container}`) as ProbeSeen | undefined;
}

function probeNow(seen: ProbeSeen | undefined, kind: ProbeKind, probe: Probe, status: ContainerStatus, t: number): ProbeNow {
  const passing = kind === "startup" ? status.started === true : kind === "readiness" ? status.ready : true;
  const outcome = (seen?.outcome ?? "") as Outcome;
  const counts = outcome === "Failure" && (passing || kind === "startup") ? "Failure" : "Success";
  const all = (counts === "Failure" ? probe.failureThreshold : probe.successThreshold) ?? (counts === "Failure" ? 3 : 1);
  const done = outcome === counts ? Math.min(all, seen?.count ?? 0) : 0;
  return { kind, probe, outcome, counts, all, passing, done: outcome === "Success" && passing ? all : done, next: nextTry(seen, t) };
}

function nextTry(seen: ProbeSeen | undefined, t: number): number | null {
  if (!seen?.next) return null;
  return seen.next > t ? seen.next : seen.period ? seen.next + (Math.floor((t - seen.next) / seen.period) + 1) * seen.period : null;
}

export interface Try {
  readonly t: number;
  readonly outcome: Outcome;
  readonly count: number;
}

/** Ms within which what a try found is told: its time limit is mostly a second. */
const TOLD_WITHIN = 1500;

/** The tries of a probe from `from` to `until`, those of a probe that rests too, at most `most`, the newest last. */
export function triesOf(seen: readonly ProbeSeen[], from: number, until: number, most: number): Try[] {
  const tries: Try[] = [];
  for (let i = seen.length - 1; i >= 0 && tries.length < most; i--) {
    const each = seen[i];
    if (!each || each.t > until) continue;
    // The try of which the next one tells is no untold one.
    const end = Math.min(until, (seen[i + 1]?.t ?? Infinity) - TOLD_WITHIN);
    tries.push(...resting(each, Math.max(from, each.t), end, most - tries.length));
    if (each.outcome && each.t >= from && tries.length < most) tries.push({ t: each.t, outcome: each.outcome as Outcome, count: each.count ?? 0 });
    if (each.t < from) break;
  }
  return tries.reverse();
}

/** The untold successes of a probe that rests, the newest first. */
function resting(seen: ProbeSeen, from: number, end: number, most: number): Try[] {
  const { next = 0, period = 0, threshold = 1 } = seen;
  if (!period || end < next) return [];
  const last = Math.floor((end - next) / period);
  const first = Math.max(0, Math.ceil((from - next) / period), last - most + 1);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({ t: next + (last - i) * period, outcome: "Success" as const, count: threshold }));
}

/** The places of the scheduling queue, in the order in which their Pods are tried; `nobody`: no scheduler of that name is there. */
export const PLACES = ["active", "backoff", "unschedulable", "gated", "nobody"] as const;
export type Place = (typeof PLACES)[number];

/** Where a Pod without a node waits, and until when it backs off (virtual ms, 0 where it does not). */
export function waitOf(state: State, pod: Pod): { place: Place; next: number } {
  if ((pod.spec.schedulerName ?? DEFAULT_SCHEDULER) !== DEFAULT_SCHEDULER) return { place: "nobody", next: 0 };
  const seen = state.seen.get(`queue ${pod.metadata.uid}`) as QueueSeen | undefined;
  if (!seen) return { place: pod.spec.schedulingGates?.length ? "gated" : "active", next: 0 };
  return { place: seen.place as Place, next: seen.next ?? 0 };
}

/** What was told last of a Pod’s probes, of the memory of its containers, and of its place in the scheduling queue. */
export function seenOf(state: State, pod: Pod): readonly Seen[] {
  if (state.seen.size === 0) return [];
  const found: Seen[] = [...(probesByPod(state).get(pod.metadata.uid) ?? [])];
  const queue = pod.spec.nodeName ? undefined : state.seen.get(`queue ${pod.metadata.uid}`);
  if (queue) found.push(queue);
  for (const status of [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]) {
    const memory = status.containerID ? state.seen.get(hostKey(status.containerID)) : undefined;
    if (memory) found.push(memory);
  }
  return found;
}

const byPod = new WeakMap<State["seen"], Map<string, ProbeSeen[]>>();

function probesByPod(state: State): Map<string, ProbeSeen[]> {
  const known = byPod.get(state.seen);
  if (known) return known;
  const made = new Map<string, ProbeSeen[]>();
  for (const each of state.seen.values()) if (each.kind === "probe") made.set(each.uid, [...(made.get(each.uid) ?? []), each]);
  byPod.set(state.seen, made);
  return made;
}

function hostKey(containerId: string): string {
  return `memory container/${containerId.replace(/^.*\//, "")}`;
}

/** The bytes that a host’s processes hold; null where nothing was told of it. */
function heldBy(state: State, key: string, t: number): number | null {
  const seen = state.seen.get(key) as MemorySeen | undefined;
  if (!seen) return null;
  return seen.holds.reduce((sum, { base, since = 0, step = 0, period = 0, most = 0 }) => sum + (period ? Math.min(most, base + Math.floor(Math.max(0, t - since) / period) * step) : base), 0);
}

/** The bytes that a container holds; null where it does not run, or nothing is known. */
export function memoryOf(state: State, status: ContainerStatus | undefined, t: number): number | null {
  return status?.state?.running && status.containerID ? heldBy(state, hostKey(status.containerID), t) : null;
}

/** The same of all containers of a Pod together; null where nothing is known of any. */
export function memoryOfPod(state: State, pod: Pod, t: number): number | null {
  const each = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].map((status) => memoryOf(state, status, t)).filter((held) => held !== null);
  return each.length ? each.reduce((sum, held) => sum + held, 0) : null;
}

/** The bytes that are held on a machine outside of its Pods. */
export function heldByNode(state: State, node: string, t: number): number {
  return heldBy(state, `memory node/${node}`, t) ?? 0;
}

/** When a container’s back-off ends: so long after its last end as the kubelet says; NaN where there is none. */
export function backoffEnd(status: ContainerStatus | undefined, clock: Clock): number {
  const waiting = status?.state?.waiting;
  const length = /back-off (?:(\d+)m)?(?:(\d+)s)?/.exec(waiting?.message ?? "");
  if (waiting?.reason !== "CrashLoopBackOff" || !length) return NaN;
  return clock.virtual(status?.lastState?.terminated?.finishedAt) + 1000 * (60 * Number(length[1] ?? 0) + Number(length[2] ?? 0));
}
