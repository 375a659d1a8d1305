/** The chain of causes behind an object as it stands: its newest change, and what triggered that. Pure. */
import type { Store } from "./store";
import { countBefore, countUntil } from "./history";
import type { Cause, ObjectDelta } from "./wire";

export interface Link {
  readonly t: number;
  /** Null: the learner’s own deed, `deed` says which. */
  readonly cause: Cause | null;
  readonly deed: "ADDED" | "MODIFIED" | "DELETED" | "term";
}

const LONGEST = 6;

/** The chain, its beginning first; empty where the history says nothing. */
export function chainOf(store: Store, uid: string, t: number): Link[] {
  const own = store.index.ofObject(uid);
  const known = countUntil(own, t);
  let change = latest(own, known) ?? own[known - 1];
  const links: Link[] = [];
  while (change && links.length < LONGEST) {
    links.unshift(linkOf(change));
    change = store.index.byNumber(change.cause?.by ?? 0) ?? (change.cause ? before(own, change) : undefined);
  }
  return links;
}

/** The last of the first `known` changes that has a cause. */
function latest(own: readonly ObjectDelta[], known: number): ObjectDelta | undefined {
  for (let i = known - 1; i >= 0; i--) if (own[i]?.cause) return own[i];
  return undefined;
}

/** Without a number of what triggered it, what went before on the same object did. */
function before(own: readonly ObjectDelta[], change: ObjectDelta): ObjectDelta | undefined {
  return own[countBefore(own, change.n) - 1];
}

function linkOf(change: ObjectDelta): Link {
  const meta = change.patch?.metadata as { deletionTimestamp?: string } | undefined;
  return { t: change.t, cause: change.cause ?? null, deed: meta?.deletionTimestamp ? "term" : change.type };
}
