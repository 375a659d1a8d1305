/** The chain of causes behind an object as it stands: its newest change, and what triggered that. Pure. */
import type { Store } from "./store";
import type { Cause, ObjectDelta, WireChange } from "./wire";

export interface Link {
  readonly t: number;
  /** Null: the learner’s own deed, `deed` says which. */
  readonly cause: Cause | null;
  readonly deed: "ADDED" | "MODIFIED" | "DELETED" | "term";
}

const LONGEST = 6;

/** The chain, its beginning first; empty where the history says nothing. */
export function chainOf(store: Store, uid: string, t: number): Link[] {
  const own = store.history.filter((each): each is ObjectDelta => each.kind === "object" && each.uid === uid && each.t <= t);
  let change = own.findLast((each) => each.cause !== undefined) ?? own.at(-1);
  const links: Link[] = [];
  while (change && links.length < LONGEST) {
    links.unshift(linkOf(change));
    change = byNumber(store.history, change.cause?.by ?? 0) ?? (change.cause ? before(own, change) : undefined);
  }
  return links;
}

/** Without a number of what triggered it, what went before on the same object did. */
function before(own: readonly ObjectDelta[], change: ObjectDelta): ObjectDelta | undefined {
  return own.findLast((each) => each.n < change.n);
}

function linkOf(change: ObjectDelta): Link {
  const meta = change.patch?.metadata as { deletionTimestamp?: string } | undefined;
  return { t: change.t, cause: change.cause ?? null, deed: meta?.deletionTimestamp ? "term" : change.type };
}

function byNumber(history: readonly WireChange[], n: number): ObjectDelta | undefined {
  if (n === 0) return undefined;
  let low = 0;
  let high = history.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = history[middle];
    if (!found) return undefined;
    if (found.n === n) return found.kind === "object" ? found : undefined;
    if (found.n < n) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
