/**
 * What the page knows of its session: the released changes (kept, for looking back) and the held future.
 *
 * A window cancels everything after its `from_t`, held or released: a few milliseconds of contradicted future vanish unseen.
 */
import { History, countUntil } from "./history";
import { type State, EMPTY, applyAll, fromPicture } from "./state";
import type { Hold, PastPicture, RequestSeen, SnapshotFrame, WireChange, Window } from "./wire";

/** Changes between two states that are kept whole. */
const KEYFRAME = 64;
/** Changes that are kept: a page that stays open for a day keeps its memory. Who is over that forgets some more, so as not to do it for each change. */
const MOST = 20_000;
const SPARE = 1024;

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
  private kept = new History(EMPTY.objects);
  private keyframes: State[] = [EMPTY];
  private held: readonly WireChange[] = [];
  private hold: { t: number; epoch: number } | null = null;
  /** What has come so far of what happened before the page came. */
  private early: PastPicture | null = null;

  /** Released changes, oldest first; what lies before them is the picture at `start`. */
  get history(): readonly WireChange[] {
    return this.kept.changes;
  }

  /** The same, with each thing’s own changes at hand. */
  get index(): History {
    return this.kept;
  }

  /** The newest released requests, oldest first. */
  get requests(): readonly RequestSeen[] {
    return this.kept.requests;
  }

  /** The picture at `start`, before all of the history. */
  get origin(): State {
    return this.keyframes[0] ?? EMPTY;
  }

  /** The whole picture anew; the history begins here. */
  snapshot(frame: SnapshotFrame): void {
    this.state = fromPicture(frame);
    this.kept = new History(this.state.objects);
    this.keyframes = [this.state];
    this.held = [];
    this.hold = this.early = null;
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
    const keep = countUntil(this.history, t);
    if (keep === this.history.length && (this.requests.at(-1)?.t ?? -Infinity) <= t) return;
    this.kept.cut(keep, t);
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

  /** What happened before the page came, in one part or several: put in front of what is kept once all is there. From where the next part begins, or null. */
  past(frame: PastPicture): number | null {
    const { early } = this;
    this.early = early?.until === frame.t ? { ...early, changes: [...early.changes, ...frame.changes] } : frame;
    if (frame.t < frame.until && frame.until < this.start) {
      this.early = { ...this.early, until: frame.until };
      return frame.until;
    }
    this.putBefore(this.early);
    this.early = null;
    return null;
  }

  private putBefore(frame: PastPicture): void {
    const newer = this.history;
    const requests = this.requests;
    const first = newer[0]?.n ?? Infinity;
    const end = this.state;
    const older = frame.changes.filter((each) => each.n < first && each.t <= end.t && isShown(each));
    this.start = frame.t;
    this.state = fromPicture(frame);
    this.keyframes = [this.state];
    this.kept = new History(this.state.objects);
    this.append([...older, ...newer]);
    this.append(requests);
    this.state = end;
  }

  private append(changes: readonly WireChange[]): void {
    for (const each of changes) if (each.kind === "request") this.kept.add(each);
    const kept = changes.filter((each) => each.kind !== "request");
    for (let done = 0; done < kept.length; ) {
      const some = kept.slice(done, done + KEYFRAME - (this.history.length % KEYFRAME));
      this.state = applyAll(this.state, some);
      for (const each of some) this.kept.add(each);
      if (this.history.length % KEYFRAME === 0) this.keyframes.push(this.state);
      done += some.length;
    }
    if (this.history.length > MOST) this.forget(Math.ceil((this.history.length - MOST + SPARE) / KEYFRAME));
    this.revision += 1;
  }

  /** The changes before the keyframe of that number go, and with them the instants that can be looked at. */
  private forget(frames: number): void {
    const count = frames * KEYFRAME;
    this.start = this.history[count - 1]?.t ?? this.start;
    this.kept.drop(count);
    this.keyframes.splice(0, frames);
  }

  private after(count: number): State {
    const key = Math.min(Math.floor(count / KEYFRAME), this.keyframes.length - 1);
    return applyAll(this.keyframes[key] ?? EMPTY, this.history.slice(key * KEYFRAME, count));
  }
}

/** Container logs are not in the picture: kept, they would fill the memory of a page that stays open. */
function isShown(change: WireChange): boolean {
  return change.kind !== "log";
}
