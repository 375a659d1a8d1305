// Made by `python manage.py wire` from podlab/wire: do not edit.

import type { Answer, Question } from "./questions";

export type * from "./questions";

export const MAX_FRAME = 262144;

/** The command is in the journal; told to every page of the session. `t`: its instant. */
export interface Ack {
  kind: "ack";
  cursor: number;
  id: string;
  seq: number;
  t: number;
}

/** `virtual = virtual_ms + (wall - wall_ms) * speed`, or `virtual_ms` while paused. */
export interface Anchor {
  wall_ms: number;
  virtual_ms: number;
  speed: number;
  paused: boolean;
}

/** Answer to `ask`. */
export interface AnswerFrame {
  kind: "answer";
  id: string;
  answer: Answer;
}

/** A question about the cluster as it is now, or was at `t`; answered by `answer`, or by a `nack`. It changes nothing. */
export interface Ask {
  kind: "ask";
  id: string;
  question: Question;
  t?: number | null;
}

/** Why: the rule's id, its numbers, and the number of the change that triggered it (0: the learner, or time alone). Sentences: `static/src/texts/causes.{en,ko}.json`, by `rule`, with `{name}` for each of `args`. */
export interface Cause {
  rule: string;
  args: Record<string, string | number>;
  by: number;
}

/** Run (with `speed`), pause, or step to the next change. */
export interface ClockFrame {
  kind: "clock";
  id: string;
  action: "pause" | "run" | "step";
  speed?: 1 | 10 | 60;
}

/** The clock has a new anchor. */
export interface ClockState {
  kind: "clock";
  cursor: number;
  server_ms: number;
  anchor: Anchor;
}

/** The terminal hangs up: its processes get SIGHUP. */
export interface CloseTerminal {
  kind: "close";
  terminal: string;
}

/** A command; `id` is the client's (1 to 64 characters) and stays the same when it is sent again. */
export interface CommandFrame {
  kind: "command";
  id: string;
  command: Command;
}

/** Ctrl-D on an empty line. */
export interface EndOfFile {
  kind: "eof";
  terminal: string;
}

/** A fault or its healing: stop-kubelet, start-kubelet, isolate, heal, poweroff, poweron … of `node`. */
export interface Fault {
  kind: "fault";
  name: string;
  node?: string;
  args?: Record<string, string>;
}

/** Memory that a process holds: `base` bytes, and `step` more each `period` ms since `since`, up to `most`. */
export interface Held {
  base: number;
  since?: number;
  step?: number;
  period?: number;
  most?: number;
}

/** First frame of a socket. After a reconnect: the newest cursor, so that only what is missing is sent. */
export interface Hello {
  kind: "hello";
  cursor?: number | null;
  epoch?: number | null;
}

/** A command was accepted: release nothing later than `t` until a window of `epoch` or a later one has come. */
export interface Hold {
  kind: "hold";
  cursor: number;
  t: number;
  epoch: number;
}

/** What a container wrote; may hold several lines. */
export interface LogText {
  kind: "log";
  t: number;
  n: number;
  uid: string;
  namespace: string;
  pod: string;
  container: string;
  text: string;
}

/** What the processes of a host (`container/<id>`, `node/<name>`) hold from now on, until something else is told of it. */
export interface MemorySeen {
  kind: "memory";
  t: number;
  n: number;
  host: string;
  holds: Held[];
}

/** The command was refused and must not be sent again as it is. `code`: slow-down, budget, engine-error, invalid. */
export interface Nack {
  kind: "nack";
  cursor: number;
  id: string;
  code: string;
  message: string;
}

/** What the kubelet found at its last look: bytes on a machine's disk and its processes, how many process numbers there are, and how much of each must stay free (0: it does not look at that). */
export interface NodeSeen {
  kind: "node";
  t: number;
  n: number;
  node: string;
  disk: number;
  disk_kept: number;
  pids: number;
  pids_most: number;
  pids_kept: number;
}

/** Something to say. `code`: slow-down, budget, livelock, slowed, engine-error, catching-up. */
export interface Notice {
  kind: "notice";
  cursor: number;
  code: string;
  args: Record<string, string | number>;
}

/** An API object came (`object`: the whole of it), changed (`patch`: RFC 7386, onto the last version) or went (neither). */
export interface ObjectDelta {
  kind: "object";
  t: number;
  n: number;
  type: "ADDED" | "DELETED" | "MODIFIED";
  resource: string;
  namespace: string;
  name: string;
  uid: string;
  rv: string;
  object?: Record<string, unknown>;
  patch?: Record<string, unknown>;
  cause?: Cause;
}

/** A new terminal with a shell on the workstation. */
export interface OpenTerminal {
  kind: "open";
  terminal: string;
  columns?: number;
  rows?: number;
}

/** Text on a terminal; `prompt`: the shell waits for a line; `busy`: something runs. */
export interface OutputText {
  kind: "output";
  t: number;
  n: number;
  terminal: string;
  text: string;
  prompt?: string;
  busy?: boolean;
}

/** Asks for the picture of an instant that was released before the page came. */
export interface Past {
  kind: "past";
  id: string;
  t: number;
}

/** Answer to `past`: the state at `t`, and the released changes from there up to `until`. */
export interface PastPicture {
  kind: "past";
  id: string;
  t: number;
  objects: Record<string, unknown>[];
  terminals: Terminal[];
  changes: WireChange[];
  until: number;
  goals?: Record<string, Record<string, Record<string, unknown>>>;
  seen?: (ProbeSeen | MemorySeen | QueueSeen | NodeSeen)[];
}

/** Answered by `pong`. */
export interface Ping {
  kind: "ping";
  id: string;
}

/** Answer to `ping`. `server_ms`: the wall clock that the anchor is read by. */
export interface Pong {
  kind: "pong";
  id: string;
  server_ms: number;
}

/** What the learner expects, before she sees it: an answer to a lesson's prediction `id`. It changes nothing in the cluster. */
export interface Predict {
  kind: "predict";
  id: string;
  value: number | string | (number | string | boolean)[] | boolean;
}

/** A try of a probe: its `outcome` (Success, Failure, Unknown; "": the first is planned), the `count`th alike of `threshold`. `probe`: startup, readiness or liveness; `next`: the instant of the next try (0: none is planned). `period` > 0: nothing is told of the tries from `next` on, one a `period` ms; they all succeed, until something else is told of this probe. */
export interface ProbeSeen {
  kind: "probe";
  t: number;
  n: number;
  uid: string;
  container: string;
  probe: string;
  outcome?: string;
  count?: number;
  threshold?: number;
  next?: number;
  period?: number;
}

/** Where in the scheduling queue a Pod waits from now on: `place` active, backoff (until `next`), unschedulable or gated. Of a new Pod that is to be tried for the first time nothing is told. */
export interface QueueSeen {
  kind: "queue";
  t: number;
  n: number;
  uid: string;
  place: string;
  next?: number;
}

/** One connection attempt; `err`: refused, timeout, dns, reset. */
export interface RequestSeen {
  kind: "request";
  t: number;
  n: number;
  from: string;
  host: string;
  port: number;
  service?: string;
  pod?: string;
  proto?: string;
  path?: string;
  code?: number;
  err?: string;
}

/** The terminal's window changed its size. */
export interface Resize {
  kind: "resize";
  terminal: string;
  columns: number;
  rows: number;
}

/** The editor saves a file into the workstation's home. */
export interface SaveFile {
  kind: "file";
  path: string;
  text: string;
}

/** Ctrl-C and its kin, for the terminal's foreground. */
export interface Signal {
  kind: "signal";
  terminal: string;
  name?: "INT" | "QUIT" | "TSTP";
}

/** The whole picture at a released instant; the page starts anew from it. */
export interface SnapshotFrame {
  kind: "snapshot";
  cursor: number;
  t: number;
  objects: Record<string, unknown>[];
  terminals: Terminal[];
  goals?: Record<string, Record<string, Record<string, unknown>>>;
  seen?: (ProbeSeen | MemorySeen | QueueSeen | NodeSeen)[];
}

/** A terminal as a snapshot shows it. */
export interface Terminal {
  id: string;
  columns: number;
  scrollback: string;
  prompt: string;
  busy: boolean;
}

/** A finished line (without its newline) typed into a terminal. */
export interface TypeLine {
  kind: "line";
  terminal: string;
  text: string;
}

/** What a lesson's goals have found: `about` (`task`, `hint`, `value`, `prediction`) and `name` say of what; `data`: docs/packs.md. */
export interface Verdict {
  kind: "verdict";
  t: number;
  n: number;
  about: string;
  name: string;
  data: Record<string, unknown>;
}

/** Answer to `hello`. `zero_ms`: wall time of virtual zero; `server_ms`: the wall clock that the anchor is read by. */
export interface Welcome {
  kind: "welcome";
  session: string;
  preset: string;
  lesson: string;
  zero_ms: number;
  server_ms: number;
  epoch: number;
  anchor: Anchor;
  engine: string;
  state: string;
}

/** What happens up to `until`. Cancels everything held after `from_t` (strictly); a change with an `n` already kept is skipped. */
export interface Window {
  kind: "window";
  cursor: number;
  epoch: number;
  from_t: number;
  until: number;
  changes: WireChange[];
}

export type Command = OpenTerminal | CloseTerminal | TypeLine | Signal | EndOfFile | Resize | SaveFile | Fault | Predict;

export type WireChange = ObjectDelta | OutputText | LogText | RequestSeen | ProbeSeen | MemorySeen | QueueSeen | NodeSeen | Verdict;

export type ClientFrame = Hello | CommandFrame | ClockFrame | Past | Ask | Ping;

export type ServerFrame = Welcome | SnapshotFrame | Window | Hold | Ack | Nack | ClockState | Notice | PastPicture | AnswerFrame | Pong;
