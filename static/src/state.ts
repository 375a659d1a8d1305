/** The cluster at one instant, as the page knows it; and how a change makes the next one. Pure: states share what did not change. */
import { applyPatch } from "./patch";
import type { Obj } from "./kube";
import type { OutputText, SnapshotFrame, Terminal, WireChange } from "./wire";

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

export interface State {
  /** Virtual milliseconds. */
  readonly t: number;
  /** By uid. */
  readonly objects: ReadonlyMap<string, Obj>;
  /** By id, in the order in which they were opened. */
  readonly screens: ReadonlyMap<string, Screen>;
}

export const EMPTY: State = { t: 0, objects: new Map(), screens: new Map() };

/** The state that a `snapshot` (or a `past` picture) tells. */
export function fromPicture(picture: Pick<SnapshotFrame, "t" | "objects" | "terminals">): State {
  const objects = picture.objects as unknown as Obj[];
  return {
    t: picture.t,
    objects: new Map(objects.map((each) => [each.metadata.uid, each])),
    screens: new Map(picture.terminals.map((each) => [each.id, screenOf(each)])),
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
  let t = state.t;
  for (const change of changes) {
    t = Math.max(t, change.t);
    if (change.kind === "object") {
      if (change.type === "DELETED") objects.delete(change.uid);
      else if (change.object) objects.set(change.uid, change.object as unknown as Obj);
      else objects.set(change.uid, patched(objects.get(change.uid), change.patch));
    } else if (change.kind === "output") {
      screens.set(change.terminal, shown(screens.get(change.terminal), change));
    }
  }
  return { t, objects, screens };
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
