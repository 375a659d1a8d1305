/** The cluster at one instant, as the page knows it; and how a change makes the next one. Pure: states share what did not change. */
import { applyPatch } from "./patch";
import type { Obj } from "./kube";
import type { MemorySeen, NodeSeen, OutputText, ProbeSeen, QueueSeen, SnapshotFrame, Terminal, WireChange } from "./wire";

/** Characters of a terminal that are kept, as the server keeps them. */
const SCROLLBACK = 100_000;

export interface Screen {
  readonly id: string;
  readonly text: string;
  /** Characters that ever came: tells which of `text` are new, though its beginning is dropped at last. */
  readonly total: number;
  readonly prompt: string;
  readonly busy: boolean;
}

export type Seen = ProbeSeen | MemorySeen | QueueSeen | NodeSeen;
/** What a lesson’s goals have told: about → name → data. */
export type Goals = ReadonlyMap<string, ReadonlyMap<string, Readonly<Record<string, unknown>>>>;

export interface State {
  /** Virtual milliseconds. */
  readonly t: number;
  /** By uid. */
  readonly objects: ReadonlyMap<string, Obj>;
  /** By id, in the order in which they were opened. */
  readonly screens: ReadonlyMap<string, Screen>;
  /** What was told last of each probe, of the memory of each host and of each Pod’s place in the scheduling queue, by `seenKey`. */
  readonly seen: ReadonlyMap<string, Seen>;
  readonly goals: Goals;
}

export const EMPTY: State = { t: 0, objects: new Map(), screens: new Map(), seen: new Map(), goals: new Map() };

/** What something told is about: `probe <Pod’s uid> <kind> <container>`, `memory <host>`, `node <name>`. */
export function seenKey(seen: Seen): string {
  if (seen.kind === "queue") return `queue ${seen.uid}`;
  if (seen.kind === "node") return `node ${seen.node}`;
  return seen.kind === "probe" ? `probe ${seen.uid} ${seen.probe} ${seen.container}` : `memory ${seen.host}`;
}

/** The state that a `snapshot` (or a `past` picture) tells. */
export function fromPicture(picture: Pick<SnapshotFrame, "t" | "objects" | "terminals" | "seen" | "goals">): State {
  const objects = picture.objects as unknown as Obj[];
  return {
    t: picture.t,
    objects: new Map(objects.map((each) => [each.metadata.uid, each])),
    screens: new Map(picture.terminals.map((each) => [each.id, screenOf(each)])),
    seen: new Map((picture.seen ?? []).map((each) => [seenKey(each), each])),
    goals: new Map(Object.entries(picture.goals ?? {}).map(([about, names]) => [about, new Map(Object.entries(names))])),
  };
}

function screenOf({ id, scrollback, prompt, busy }: Terminal): Screen {
  return { id, text: scrollback, total: scrollback.length, prompt, busy };
}

/** The state after one change. */
export function apply(state: State, change: WireChange): State {
  return applyAll(state, [change]);
}

/** The state after changes, in their order. */
export function applyAll(state: State, changes: readonly WireChange[]): State {
  const objects = new Map(state.objects);
  const screens = new Map(state.screens);
  const seen = changes.some(isSeen) ? new Map(state.seen) : (state.seen as Map<string, Seen>);
  let goals = state.goals;
  let t = state.t;
  for (const change of changes) {
    t = Math.max(t, change.t);
    if (change.kind === "object") {
      if (change.type === "DELETED") objects.delete(change.uid);
      else if (change.object) objects.set(change.uid, change.object as unknown as Obj);
      else objects.set(change.uid, patched(objects.get(change.uid), change.patch));
    } else if (change.kind === "output") {
      screens.set(change.terminal, shown(screens.get(change.terminal), change));
    } else if (isSeen(change)) seen.set(seenKey(change), change);
    else if (change.kind === "verdict") goals = new Map(goals).set(change.about, new Map(goals.get(change.about)).set(change.name, change.data));
  }
  return { t, objects, screens, seen, goals };
}

function isSeen(change: WireChange): change is Seen {
  return change.kind === "probe" || change.kind === "memory" || change.kind === "queue" || change.kind === "node";
}

function patched(old: Obj | undefined, patch: Record<string, unknown> | undefined): Obj {
  return applyPatch({ ...old }, patch ?? {}) as unknown as Obj;
}

function shown(old: Screen | undefined, change: OutputText): Screen {
  const text = ((old?.text ?? "") + change.text).slice(-SCROLLBACK);
  const busy = change.busy ?? false;
  const total = (old?.total ?? 0) + change.text.length;
  return { id: change.terminal, text, total, prompt: busy ? "" : (change.prompt ?? ""), busy };
}
