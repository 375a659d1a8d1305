/**
 * What the page knows of its session: the released changes (kept, for looking back) and the held future.
 *
 * A window cancels everything after its `from_t`, held or released: a few milliseconds of contradicted future vanish unseen.
 */
import { type State, EMPTY, applyAll, fromPicture } from "./state";
import type { Hold, PastPicture, SnapshotFrame, WireChange, Window } from "./wire";

/** Changes between two states that are kept whole. */
const KEYFRAME = 64;

export class Store {
  /** The newest released state. */
  state: State = EMPTY;
  /** The oldest instant that can be looked at. */
  start = 0;
  /** Rises when something released was taken back or replaced: whoever writes as it comes has to begin anew. */
  generation = 0;
  /** Rises with everything that is released: who computes from the history may keep the result as long as it stands. */
  revision = 0;
  /** How far the future is known. */
  until = 0;
  private released: WireChange[] = [];
  private keyframes: State[] = [EMPTY];
  private held: readonly WireChange[] = [];
  private hold: { t: number; epoch: number } | null = null;

  /** Released changes, oldest first; what lies before them is the picture at `start`. */
  get history(): readonly WireChange[] {
    return this.released;
  }

  /** The picture at `start`, before all of the history. */
  get origin(): State {
    return this.keyframes[0] ?? EMPTY;
  }

  /** The whole picture anew; the history begins here. */
  snapshot(frame: SnapshotFrame): void {
    this.state = fromPicture(frame);
    this.released = [];
    this.keyframes = [this.state];
    this.held = [];
    this.hold = null;
    this.start = this.until = frame.t;
    this.generation += 1;
    this.revision += 1;
  }

  /** A window: cut back to `from_t`, hold what is new. */
  window(frame: Window): void {
    this.cutBack(frame.from_t);
    const kept = this.held.at(-1)?.n ?? this.history.at(-1)?.n ?? -Infinity;
    this.held = [...this.held, ...frame.changes.filter((each) => each.n > kept && isShown(each))];
    this.until = frame.until;
    if (this.hold && this.hold.epoch <= frame.epoch) this.hold = null;
  }

  /** A command was accepted: nothing later than `t` is released until a window knows of it. */
  holdAt(frame: Hold): void {
    this.hold = { t: Math.min(this.hold?.t ?? frame.t, frame.t), epoch: frame.epoch };
  }

  /** Forget everything after `t`, held or released. */
  cutBack(t: number): void {
    this.held = this.held.filter((each) => each.t <= t);
    const keep = countUntil(this.released, t);
    if (keep === this.released.length) return;
    this.released.length = keep;
    this.keyframes.length = Math.floor(keep / KEYFRAME) + 1;
    this.state = this.after(keep);
    this.generation += 1;
    this.revision += 1;
  }

  /** Let everything that is due by `now` happen; the changes that did. */
  release(now: number): readonly WireChange[] {
    const limit = this.hold ? Math.min(now, this.hold.t) : now;
    const due = countUntil(this.held, limit);
    if (due === 0) return [];
    const changes = this.held.slice(0, due);
    this.held = this.held.slice(due);
    this.append(changes);
    return changes;
  }

  /** The instant of the next held change; null where none is known. */
  next(): number | null {
    return this.held[0]?.t ?? null;
  }

  /** The first held change that fits: for what is under way, and whose end is known (a pull). */
  ahead(fits: (change: WireChange) => boolean): WireChange | undefined {
    return this.held.find(fits);
  }

  /** The state at a released instant. */
  at(t: number): State {
    return { ...this.after(countUntil(this.history, t)), t };
  }

  /** A terminal that the learner closed is not shown any more. */
  close(terminal: string): void {
    const screens = new Map(this.state.screens);
    screens.delete(terminal);
    this.state = { ...this.state, screens };
  }

  /** What happened before the page came: history is put in front of what is kept. */
  past(frame: PastPicture): void {
    const newer = this.released;
    const first = newer[0]?.n ?? Infinity;
    const end = this.state;
    const older = frame.changes.filter((each) => each.n < first && each.t <= end.t && isShown(each));
    this.start = frame.t;
    this.state = fromPicture(frame);
    this.keyframes = [this.state];
    this.released = [];
    this.append([...older, ...newer]);
    this.state = end;
  }

  private append(changes: readonly WireChange[]): void {
    for (let done = 0; done < changes.length; ) {
      const some = changes.slice(done, done + KEYFRAME - (this.released.length % KEYFRAME));
      this.state = applyAll(this.state, some);
      this.released.push(...some);
      if (this.released.length % KEYFRAME === 0) this.keyframes.push(this.state);
      done += some.length;
    }
    this.revision += 1;
  }

  private after(count: number): State {
    const key = Math.min(Math.floor(count / KEYFRAME), this.keyframes.length - 1);
    return applyAll(this.keyframes[key] ?? EMPTY, this.released.slice(key * KEYFRAME, count));
  }
}

/** Container logs and requests are not in the picture (yet): kept, they would fill the memory of a page that stays open. */
function isShown(change: WireChange): boolean {
  return change.kind === "object" || change.kind === "output";
}

/** How many of `changes` (in order of time) are at or before `t`. */
export function countUntil(changes: readonly WireChange[], t: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.t ?? Infinity) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}
