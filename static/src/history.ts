/** The released changes, in order, and where each thing’s own stand among them: nobody has to walk through all of them. */
import type { Event, Obj } from "./kube";
import type { ObjectDelta, ProbeSeen, RequestSeen, WireChange } from "./wire";

/** Requests that are kept: what is older than that many is not drawn any more. */
const REQUESTS = 2000;

type Lists<Kind> = Map<string, Kind[]>;

export class History {
  readonly changes: WireChange[] = [];
  /** The newest requests; they are no part of `changes`, for a busy Service would fill the memory of a page that stays open. */
  readonly requests: RequestSeen[] = [];
  private readonly own: Lists<ObjectDelta> = new Map();
  private readonly about: Lists<ObjectDelta> = new Map();
  private readonly tries: Lists<ProbeSeen> = new Map();
  /** Event’s uid → the uid of what it is about. */
  private readonly abouts = new Map<string, string>();

  /** `origin`: the objects of the picture before all changes. */
  constructor(private readonly origin: ReadonlyMap<string, Obj>) {}

  add(change: WireChange): void {
    if (change.kind === "request") {
      this.requests.push(change);
      if (this.requests.length > 2 * REQUESTS) this.requests.splice(0, this.requests.length - REQUESTS);
      return;
    }
    this.changes.push(change);
    if (change.kind === "probe") listed(this.tries, change.uid).push(change);
    if (change.kind !== "object") return;
    listed(this.own, change.uid).push(change);
    if (change.resource === "events") listed(this.about, this.subjectOf(change)).push(change);
  }

  /** Forget all but the first `count` changes, and the requests after `t`. */
  cut(count: number, t: number): void {
    const last = this.changes[count - 1]?.n ?? -Infinity;
    this.changes.length = count;
    for (const lists of [this.own, this.about, this.tries]) for (const list of lists.values()) while ((list.at(-1)?.n ?? -Infinity) > last) list.pop();
    this.requests.length = countUntil(this.requests, t);
  }

  /** Forget the first `count` changes. */
  drop(count: number): void {
    const last = this.changes[count - 1]?.n ?? -Infinity;
    for (const each of this.changes.splice(0, count)) if (each.kind === "object" && each.type === "DELETED") this.abouts.delete(each.uid);
    for (const lists of [this.own, this.about, this.tries]) {
      for (const [key, list] of lists) {
        list.splice(0, countBefore(list, last + 1));
        if (list.length === 0) lists.delete(key);
      }
    }
  }

  /** The changes of the object itself, oldest first. */
  ofObject(uid: string): readonly ObjectDelta[] {
    return this.own.get(uid) ?? [];
  }

  /** The changes of Events about an object, oldest first. */
  ofEvents(uid: string): readonly ObjectDelta[] {
    return this.about.get(uid) ?? [];
  }

  /** What was told of a Pod’s probes, oldest first. */
  ofProbes(uid: string): readonly ProbeSeen[] {
    return this.tries.get(uid) ?? [];
  }

  /** The change of that number; undefined where it is none of an object, or not kept. */
  byNumber(n: number): ObjectDelta | undefined {
    const found = this.changes[countBefore(this.changes, n)];
    return n > 0 && found?.n === n && found.kind === "object" ? found : undefined;
  }

  private subjectOf(change: ObjectDelta): string {
    const event = (change.object ?? this.origin.get(change.uid)) as unknown as Event | undefined;
    const uid = event?.involvedObject.uid ?? this.abouts.get(change.uid) ?? "";
    this.abouts.set(change.uid, uid);
    return uid;
  }
}

function listed<Kind>(lists: Lists<Kind>, key: string): Kind[] {
  const found = lists.get(key);
  if (found) return found;
  const made: Kind[] = [];
  lists.set(key, made);
  return made;
}

/** How many of `changes` (in order of their numbers) have a smaller number than `n`. */
export function countBefore(changes: readonly { readonly n: number }[], n: number): number {
  return firstFrom(changes.length, (i) => (changes[i]?.n ?? Infinity) >= n);
}

/** How many of `changes` (in order of time) are at or before `t`. */
export function countUntil(changes: readonly { readonly t: number }[], t: number): number {
  return firstFrom(changes.length, (i) => (changes[i]?.t ?? Infinity) > t);
}

/** The first of `count` places for which `fits` is true, as it is for all after it. */
function firstFrom(count: number, fits: (i: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
