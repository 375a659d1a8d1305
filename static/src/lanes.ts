/** The lanes of one Pod: what was true from when to when, out of the history. Pure. */
import { applyPatch } from "./patch";
import type { Condition, ContainerStatus, Event, Node, Pod } from "./kube";
import type { Store } from "./store";
import type { StateName } from "./vocabulary";
import type { ObjectDelta } from "./wire";

/** A stretch of a lane; `to` null: it still lasts. */
export interface Stretch {
  readonly from: number;
  readonly to: number | null;
  readonly state: StateName;
  readonly word: string;
}

export interface Lane {
  /** `phase`, a condition’s type, or `container/<name>`. */
  readonly key: string;
  readonly name: string;
  readonly stretches: readonly Stretch[];
}

/** Something that happened at one instant: a change of the Pod, or an Event about it. */
export interface Moment {
  readonly t: number;
  readonly n: number;
  readonly reason: string;
  readonly message: string;
  readonly warning: boolean;
}

export interface Story {
  readonly lanes: readonly Lane[];
  readonly events: readonly Moment[];
  /** Every instant at which the Pod itself changed. */
  readonly changes: readonly number[];
  readonly born: number | null;
  readonly gone: number | null;
}

export const CONDITIONS = ["PodScheduled", "Initialized", "PodReadyToStartContainers", "ContainersReady", "Ready"] as const;

interface Version {
  readonly t: number;
  readonly pod: Pod | null;
}

/** Everything that the history tells of the object `uid`; `stamp` turns an API timestamp into virtual ms. */
export function story(store: Store, uid: string, stamp: (text?: string | null) => number): Story {
  const versions = versionsOf(store, uid);
  const known = store.origin.objects.has(uid);
  const first = versions.find((each) => each.pod)?.pod;
  const born = first ? stamp(first.metadata.creationTimestamp) : null;
  const last = versions.at(-1);
  return {
    lanes: first ? lanesOf(versions, known, stamp) : [],
    events: eventsOf(store, uid),
    changes: versions.slice(known ? 1 : 0).map((each) => each.t),
    born: known ? born : (versions[0]?.t ?? null),
    gone: last && !last.pod ? last.t : null,
  };
}

function versionsOf(store: Store, uid: string): Version[] {
  let pod = (store.origin.objects.get(uid) ?? null) as Pod | null;
  const versions: Version[] = pod ? [{ t: store.start, pod }] : [];
  for (const change of store.index.ofObject(uid)) {
    pod = next(pod, change);
    versions.push({ t: change.t, pod });
  }
  return versions;
}

function next(pod: Pod | null, change: ObjectDelta): Pod | null {
  if (change.type === "DELETED") return null;
  if (change.object) return change.object as unknown as Pod;
  return applyPatch({ ...pod }, change.patch ?? {}) as unknown as Pod;
}

/** `known`: the first version was there before the history began. */
function lanesOf(versions: Version[], known: boolean, stamp: (text?: string | null) => number): Lane[] {
  const shown = versions.findLast((each) => each.pod)?.pod;
  if (shown?.kind === "Node") return nodeLanes(shown as unknown as Node, versions, known, stamp);
  if (shown?.kind !== "Pod") return [];
  const names = containerNames(versions);
  return [
    lane("phase", "phase", versions, known, (pod) => ({ ...phase(pod), since: stamp(pod.metadata.creationTimestamp) })),
    ...CONDITIONS.map((type) => lane(type, type, versions, known, (pod) => conditionNow(pod, type, stamp))),
    ...names.map((name) => lane(`container/${name}`, name, versions, known, (pod) => containerNow(pod, name, stamp))),
  ];
}

/** A node’s own conditions: Ready first, which is good; the others are good while they are False. */
function nodeLanes(node: Node, versions: Version[], known: boolean, stamp: (text?: string | null) => number): Lane[] {
  const types = (node.status?.conditions ?? []).map((each) => each.type).sort((a, b) => Number(b === "Ready") - Number(a === "Ready"));
  return types.map((type) =>
    lane(type, type, versions, known, (each) => {
      const now = conditionNow(each, type, stamp);
      return now && { ...now, state: (now.word === "True") === (type === "Ready") ? "ready" : "notready" };
    }),
  );
}

interface Now {
  state: StateName;
  word: string;
  /** Since when, where the object itself says so: used for what is older than the history. */
  since: number;
}

function lane(key: string, name: string, versions: Version[], known: boolean, read: (pod: Pod) => Now | null): Lane {
  const stretches: Stretch[] = [];
  for (const [index, { t, pod }] of versions.entries()) {
    const now = pod ? read(pod) : null;
    const open = stretches.at(-1);
    if (open?.to === null && now?.word === open.word && now.state === open.state) continue;
    if (open?.to === null) stretches[stretches.length - 1] = { ...open, to: t };
    if (now) stretches.push({ from: known && index === 0 && now.since < t ? now.since : t, to: null, state: now.state, word: now.word });
  }
  return { key, name, stretches };
}

function phase(pod: Pod): Omit<Now, "since"> {
  const word = pod.status?.phase ?? "Pending";
  if (pod.metadata.deletionTimestamp) return { state: "term", word: `${word}, Terminating` };
  const states: Record<string, StateName> = { Pending: pod.spec.nodeName ? "creating" : "pending", Running: "ready", Succeeded: "done", Failed: "failed" };
  return { state: states[word] ?? "pending", word };
}

function conditionNow(pod: Pod, type: string, stamp: (text?: string | null) => number): Now | null {
  const found: Condition | undefined = pod.status?.conditions?.find((each) => each.type === type);
  if (!found) return null;
  return { state: found.status === "True" ? "ready" : "notready", word: found.status, since: stamp(found.lastTransitionTime) };
}

function containerNow(pod: Pod, name: string, stamp: (text?: string | null) => number): Now | null {
  const status = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].find((each) => each.name === name);
  return status ? containerState(status, stamp) : null;
}

function containerState(status: ContainerStatus, stamp: (text?: string | null) => number): Now {
  const { running, terminated, waiting } = status.state ?? {};
  if (running) return { state: "ready", word: status.restartCount ? `running ×${status.restartCount}` : "running", since: stamp(running.startedAt) };
  if (terminated) {
    const word = `${terminated.reason ?? "terminated"} ${terminated.exitCode}`;
    return { state: terminated.exitCode === 0 ? "done" : "failed", word, since: stamp(terminated.finishedAt) };
  }
  const word = waiting?.reason ?? "waiting";
  return { state: word === "CrashLoopBackOff" ? "crash" : "creating", word, since: NaN };
}

function containerNames(versions: Version[]): string[] {
  const pod = versions.findLast((each) => each.pod)?.pod;
  return [...(pod?.spec.initContainers ?? []), ...(pod?.spec.containers ?? [])].map((each) => each.name);
}

/** Events about the object, each at the instant at which it was told. */
function eventsOf(store: Store, uid: string): Moment[] {
  const moments: Moment[] = [];
  const known = new Map<string, Event>();
  for (const change of store.index.ofEvents(uid)) {
    if (change.type === "DELETED") continue;
    const old = known.get(change.uid) ?? store.origin.objects.get(change.uid);
    const event = (change.object ?? applyPatch({ ...old }, change.patch ?? {})) as unknown as Event;
    known.set(change.uid, event);
    moments.push({ t: change.t, n: change.n, reason: event.reason ?? "", message: event.message ?? "", warning: event.type === "Warning" });
  }
  return moments;
}
