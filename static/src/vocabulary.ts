/** How a Pod stands: the state, its icon and its word, each telling it without the others. Words are kubectl’s. */
import type { Clock } from "./clock";
import { type Container, type ContainerStatus, type Node, type Pod, condition, isSidecar } from "./kube";
import { backoffEnd } from "./plans";
import type { Words } from "./texts";

export type StateName = "ready" | "notready" | "pending" | "creating" | "crash" | "done" | "failed" | "term";

export interface Standing {
  readonly state: StateName;
  readonly icon: StateName | "unknown";
  /** kubectl’s word, or the phase: `Pending`, `ContainerCreating`, `Running` … */
  readonly word: string;
  /** `ready` or `not ready` behind `Running`; else empty. */
  readonly readiness: "ready" | "notready" | "";
}

/** How the Pod stands; `node` is where it runs. */
export function standing(pod: Pod, node?: Node): Standing {
  const plain = known(pod);
  const lost = node && condition(node, "Ready")?.status === "Unknown" && plain.state !== "done" && plain.state !== "failed";
  return lost ? { ...plain, icon: "unknown" } : plain;
}

const judged = new WeakMap<Pod, Standing>();

/** Pods never change, what is found of one stays true of it. */
function known(pod: Pod): Standing {
  const made = judged.get(pod) ?? judge(pod);
  judged.set(pod, made);
  return made;
}

function judge(pod: Pod): Standing {
  const phase = pod.status?.phase ?? "Pending";
  if (pod.metadata.deletionTimestamp) return told("term", "Terminating");
  if (phase === "Succeeded") return told("done", "Succeeded");
  if (phase === "Failed") return told("failed", pod.status?.reason === "Evicted" ? "Evicted" : "Failed");
  if (!pod.spec.nodeName) return told("pending", condition(pod, "PodScheduled")?.reason === "SchedulingGated" ? "SchedulingGated" : "Pending");
  const held = heldBack(pod);
  if (held) return told(held.endsWith("CrashLoopBackOff") ? "crash" : phase === "Running" ? "notready" : "creating", held);
  if (phase === "Pending") return told("creating", pod.spec.initContainers?.length ? "PodInitializing" : "ContainerCreating");
  const ready = condition(pod, "Ready")?.status === "True";
  return { ...told(ready ? "ready" : "notready", "Running"), readiness: ready ? "ready" : "notready" };
}

function told(state: StateName, word: string): Standing {
  return { state, icon: state, word, readiness: "" };
}

/** Why a container does not run though it should: an init container before it, a reason of the kubelet’s, or how it ended. */
function heldBack(pod: Pod): string | null {
  const init = initWord(pod);
  if (init) return init;
  for (const status of pod.status?.containerStatuses ?? []) {
    const waiting = status.state?.waiting?.reason;
    if (waiting && waiting !== "ContainerCreating" && waiting !== "PodInitializing") return waiting;
    const ended = status.state?.terminated;
    if (ended && pod.status?.phase === "Running") return ended.reason ?? "Error";
  }
  return null;
}

/** The first init container that has not done its part, as kubectl tells it: `Init:1/3`, `Init:Error` … */
function initWord(pod: Pod): string | null {
  if (condition(pod, "Initialized")?.status === "True") return null;
  const wanted = pod.spec.initContainers ?? [];
  const statuses = pod.status?.initContainerStatuses ?? [];
  const index = wanted.findIndex((spec, i) => !isPast(spec, statuses[i]));
  if (index < 0) return null;
  const { terminated, waiting } = statuses[index]?.state ?? {};
  if (terminated) return `Init:${terminated.reason ?? `ExitCode:${terminated.exitCode}`}`;
  return waiting?.reason && waiting.reason !== "PodInitializing" ? `Init:${waiting.reason}` : `Init:${index}/${wanted.length}`;
}

function isPast(spec: Container, status: ContainerStatus | undefined): boolean {
  return status?.state?.terminated?.exitCode === 0 || (isSidecar(spec) && status?.started === true);
}

/** The words under the name: `Running · ready`; the state alone where the place is small. */
export function wordsOf(shown: Standing, words: Words, short = false): string {
  if (shown.icon === "unknown" && !short) return words.say("pod.lost");
  if (!shown.readiness) return shown.word;
  const readiness = words.say(`pod.${shown.readiness}`);
  return short ? words.say(`pod.${shown.readiness}.short`) : `${shown.word} · ${readiness}`;
}

/** What stands beside the word: restarts, exit code, seconds left. */
export function noteOf(pod: Pod, shown: Standing, words: Words, clock: Clock, t: number): string {
  if (shown.state === "term") return words.say("pod.left", { seconds: Math.max(0, Math.ceil((graceEnd(pod, clock) - t) / 1000)) });
  if (shown.state === "done" || shown.state === "failed") {
    const ended = pod.status?.containerStatuses?.find((each) => each.state?.terminated)?.state?.terminated;
    return ended ? words.say("pod.exit", { code: ended.exitCode }) : "";
  }
  const again = restarts(pod) ? `×${restarts(pod)}` : "";
  if (shown.state === "crash") return [again, backoffLeft(pod, words, clock, t)].filter(Boolean).join(" · ");
  if (shown.state === "ready" || shown.state === "notready") return [readyCount(pod), again].filter(Boolean).join(" · ");
  return "";
}

/** `39 s`: what is left of the longest back-off of a Pod’s containers; empty where none is known. */
function backoffLeft(pod: Pod, words: Words, clock: Clock, t: number): string {
  const ends = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].map((each) => backoffEnd(each, clock)).filter((each) => each > t);
  return ends.length ? words.say("pod.seconds", { seconds: Math.ceil((Math.max(...ends) - t) / 1000) }) : "";
}

/** When a Pod that is being deleted has to be gone, in virtual ms. */
export function graceEnd(pod: Pod, clock: Clock): number {
  return clock.virtual(pod.metadata.deletionTimestamp);
}

/** How much of the grace is left, 1 to 0. */
export function graceLeft(pod: Pod, clock: Clock, t: number): number {
  const grace = (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  return grace > 0 ? Math.min(1, Math.max(0, (graceEnd(pod, clock) - t) / grace)) : 0;
}

/** How often containers were started again: while it initializes those of its init containers, as kubectl counts. */
export function restarts(pod: Pod): number {
  const statuses = initWord(pod) ? pod.status?.initContainerStatuses : pod.status?.containerStatuses;
  return (statuses ?? []).reduce((sum, each) => sum + each.restartCount, 0);
}

/** `1/2`, as kubectl counts: sidecars are containers too. */
export function readyCount(pod: Pod): string {
  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar).map((each) => each.name);
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? []).filter((each) => sidecars.includes(each.name))];
  return `${statuses.filter((each) => each.ready).length}/${pod.spec.containers.length + sidecars.length}`;
}

export type ContainerKind = "init" | "side" | "app";

/** A container as it is drawn: its shape tells the kind, filled means that it runs. */
export interface Drawn {
  readonly kind: ContainerKind;
  readonly spec: Container;
  readonly status: ContainerStatus | undefined;
  readonly runs: boolean;
}

/** The Pod’s containers in the order in which they start. */
export function containersOf(pod: Pod): Drawn[] {
  const init = (pod.spec.initContainers ?? []).map((spec) => drawn(spec, isSidecar(spec) ? "side" : "init", pod.status?.initContainerStatuses));
  return [...init, ...pod.spec.containers.map((spec) => drawn(spec, "app", pod.status?.containerStatuses))];
}

function drawn(spec: Container, kind: ContainerKind, statuses: readonly ContainerStatus[] | undefined): Drawn {
  const status = statuses?.find((each) => each.name === spec.name);
  return { kind, spec, status, runs: status?.state?.running !== undefined };
}

/** A name that is too long is cut in the middle: the hash at its end tells it apart. Where hardly anything fits, its head stays. */
export function cut(name: string, length: number): string {
  if (name.length <= length) return name;
  if (length < 8) return `${name.slice(0, Math.max(1, length - 1))}…`;
  const tail = Math.min(5, Math.floor(length / 2) - 1);
  return `${name.slice(0, Math.max(1, length - tail - 3))}...${name.slice(-tail)}`;
}
