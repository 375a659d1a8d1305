/** One open session: the line, the store and the clock, what the learner looks at, and who has to be told of it. */
import type { Boot } from "./boot";
import { Clock } from "./clock";
import type { Obj, Pod } from "./kube";
import { type Link, Socket } from "./socket";
import type { Seen, State } from "./state";
import { newestOwn } from "./objects";
import { seenOf } from "./plans";
import { Store } from "./store";
import type { Words } from "./texts";
import type { Answer, Command, Notice, PastPicture, Question, ServerFrame, WireChange } from "./wire";

/** `change`: something that is shown is different; `tick`: only time went on; `output`: a terminal has new text. */
export type Topic = "change" | "tick" | "output";

const TICK_MS = 100;
/** Virtual time by which the known future may be behind before the page says that it is catching up. */
const LATE_MS = 1500;

export class Lab {
  readonly store = new Store();
  readonly clock = new Clock();
  readonly socket: Socket;
  link: Link = { is: "connecting" };
  /** Where the connection was lost, in virtual time. */
  offlineSince = 0;
  notice: Notice | null = null;
  /** What the status line says until then (ms of the page). */
  news: { readonly text: string; readonly until: number } | null = null;
  /** The instant that is looked at; null: now. */
  view: number | null = null;
  /** The uid of what the inspector and the lanes are about. */
  selected: string | null = null;
  /** The uid of what the inspector stays at, whatever is selected; null: it follows. */
  pinned: string | null = null;
  /** The last changes that were released together: what the status line tells. */
  fresh: readonly WireChange[] = [];
  /** Whether a picture has come yet. */
  begun = false;
  private readonly listeners = new Map<Topic, Set<() => void>>();
  /** Ids of commands that were refused. */
  readonly refused = new Set<string>();
  private seen: { key: string; state: State } | null = null;
  private ticked = 0;
  private chosen = false;
  private readonly before: string | null;

  constructor(
    readonly boot: Boot,
    readonly words: Words,
  ) {
    this.before = remembered(boot.session);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new Socket(`${scheme}//${location.host}${boot.socket}`, {
      frame: (frame) => this.receive(frame),
      link: (link) => this.linked(link),
      trip: (server, ms) => this.clock.sync(server, ms),
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.clock.doubt();
    });
  }

  open(): void {
    this.socket.connect();
    requestAnimationFrame((at) => this.frame(at));
  }

  /** Call `tell` at each `topic`; returns how to stop it. */
  on(topic: Topic, tell: () => void): () => void {
    const told = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, told.add(tell));
    return () => told.delete(tell);
  }

  tell(topic: Topic): void {
    for (const each of this.listeners.get(topic) ?? []) each();
  }

  /** The instant that is shown. */
  get t(): number {
    return this.view ?? Math.max(this.store.state.t, this.clock.now());
  }

  /** The state at that instant. */
  get state(): State {
    if (this.view === null) return this.store.state;
    const key = `${this.view} ${this.store.revision}`;
    if (this.seen?.key !== key) this.seen = { key, state: this.store.at(this.view) };
    return this.seen.state;
  }

  /** Look at `t`; null: follow the clock again. */
  lookAt(t: number | null): void {
    this.view = t === null || t >= this.clock.now() ? null : Math.max(this.store.start, t);
    this.tell("change");
  }

  select(uid: string | null): void {
    this.selected = uid;
    this.chosen = uid !== null;
    remember(this.boot.session, uid);
    this.tell("change");
  }

  /** What is selected, as it was at the instant shown (or at its end, where it is gone). */
  get subject(): Obj | undefined {
    return this.selected ? this.state.objects.get(this.selected) : undefined;
  }

  /** Whether nothing may move by itself: the learner asked for less motion, looks back, or time runs too fast to follow. */
  get still(): boolean {
    return this.view !== null || this.clock.anchor.speed > 1 || matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** The inspector stays at what it shows, or follows the selection again. */
  pin(): void {
    this.pinned = this.pinned === null ? this.selected : null;
    this.tell("change");
  }

  /** What was told last of a Pod’s probes and memory. */
  seenOf(pod: Pod): readonly Seen[] {
    return seenOf(this.state, pod);
  }

  command(command: Command): string {
    return this.socket.command(command);
  }

  /** Ask about the cluster at the instant that is looked at; null where there is no answer. */
  async ask<Kind extends Question["kind"]>(question: Extract<Question, { kind: Kind }>): Promise<Extract<Answer, { kind: Kind }> | null> {
    const answer = await this.socket.ask(question, this.view === null ? null : Math.floor(this.view));
    return answer as Extract<Answer, { kind: Kind }> | null;
  }

  /** Whether the page has nothing to show yet of an instant that has come. */
  get late(): boolean {
    return this.link.is === "online" && !this.clock.anchor.paused && this.clock.now() > this.store.until + LATE_MS * this.clock.anchor.speed;
  }

  private receive(frame: ServerFrame): void {
    switch (frame.kind) {
      case "welcome":
        this.clock.zero = frame.zero_ms;
        this.clock.anchor = frame.anchor;
        this.reset(frame.server_ms);
        break;
      case "clock":
        this.clock.anchor = frame.anchor;
        if (this.clock.jumped(frame.server_ms)) {
          this.reset(frame.server_ms);
          this.socket.ping();
        }
        break;
      case "snapshot":
        this.store.snapshot(frame);
        this.selectAgain();
        if (!this.selectedIsThere()) this.selected = newestOwn(this.store.state)?.metadata.uid ?? null;
        this.begun = true;
        if (frame.t > 0) this.socket.past(0);
        this.tell("output");
        break;
      case "past":
        this.pastCame(frame);
        break;
      case "window":
        this.window(frame);
        return;
      case "hold":
        this.store.holdAt(frame);
        return;
      case "ack":
        return;
      case "nack":
        this.refused.add(frame.id);
        this.tell("output");
        this.notice = { kind: "notice", cursor: frame.cursor, code: frame.code, args: { message: frame.message } };
        break;
      case "notice":
        this.notice = frame;
        break;
      case "pong":
      case "answer":
        return;
    }
    this.release();
    this.tell("change");
  }

  private pastCame(frame: PastPicture): void {
    const next = this.store.past(frame);
    if (next !== null) this.socket.past(next);
  }

  private reset(server: number): void {
    this.clock.doubt();
    this.clock.sync(server);
  }

  private window(frame: Extract<ServerFrame, { kind: "window" }>): void {
    const generation = this.store.generation;
    this.store.window(frame);
    if (this.notice?.code === "catching-up") this.notice = null;
    this.release();
    if (generation === this.store.generation) return;
    this.tell("output");
    this.tell("change");
  }

  private linked(link: Link): void {
    if (link.is === "connecting" && this.link.is === "offline") return;
    if (link.is === "offline" && this.link.is === "online") this.offlineSince = this.clock.now();
    this.link = link;
    this.tell("change");
  }

  private frame(at: number): void {
    this.release();
    if (at - this.ticked >= TICK_MS) {
      this.ticked = at;
      this.tell("tick");
    }
    requestAnimationFrame((next) => this.frame(next));
  }

  private release(): void {
    if (!this.begun) return;
    const changes = this.store.release(this.clock.now());
    if (changes.length === 0) return;
    this.fresh = changes;
    if (changes.some((each) => each.kind === "output")) this.tell("output");
    if (changes.some((each) => each.kind !== "output")) {
      this.follow(changes);
      this.selectAgain();
      this.tell("change");
    }
  }

  /** The newest Pod of the learner’s own is selected by itself, until she selects one. */
  private follow(changes: readonly WireChange[]): void {
    const made = changes.findLast((each) => each.kind === "object" && each.resource === "pods" && each.type === "ADDED" && each.namespace !== "kube-system");
    if (made?.kind === "object" && (!this.chosen || !this.selectedIsThere())) this.selected = made.uid;
  }

  /** After a reload: what was selected before, as soon as it is there. */
  private selectAgain(): void {
    if (!this.before || this.chosen || !this.store.state.objects.has(this.before)) return;
    this.selected = this.before;
    this.chosen = true;
  }

  private selectedIsThere(): boolean {
    return this.selected !== null && this.store.state.objects.has(this.selected);
  }
}

const REMEMBERED = "podlab.selected";

/** What is selected outlives a reload of this tab, as long as its storage may be used. */
function remember(session: string, uid: string | null): void {
  try {
    sessionStorage.setItem(REMEMBERED, `${session} ${uid ?? ""}`);
  } catch {
    // A browser that forbids it only forgets.
  }
}

function remembered(session: string): string | null {
  try {
    const [of, uid] = (sessionStorage.getItem(REMEMBERED) ?? "").split(" ");
    return of === session && uid ? uid : null;
  } catch {
    return null;
  }
}
