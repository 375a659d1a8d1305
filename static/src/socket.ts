/**
 * The line to the server: says hello (after a break with the newest cursor), sends commands again until they are acknowledged,
 * and comes back by itself, later each time.
 */
import type { Answer, ClientFrame, Command, CommandFrame, Question, ServerFrame } from "./wire";

const WAITS_MS = [500, 1000, 2000, 4000, 8000];
const PING_MS = 15_000;
const SILENCE_MS = 40_000;
/** Close codes that mean: do not come back (another's session, no such session). */
const FINAL = new Set([4401, 4403, 4404]);

export type Link = { is: "connecting" } | { is: "online" } | { is: "offline"; retryAt: number } | { is: "refused" };

export interface Wiring {
  frame(frame: ServerFrame): void;
  link(link: Link): void;
  /** A pong: the server’s wall clock, and how long the way there and back took. */
  trip(server: number, ms: number): void;
}

export class Socket {
  private socket: WebSocket | null = null;
  private cursor: number | null = null;
  private epoch: number | null = null;
  private tries = 0;
  private heard = 0;
  private readonly pings = new Map<string, number>();
  private readonly unacknowledged = new Map<string, CommandFrame>();
  private readonly asked = new Map<string, (answer: Answer | null) => void>();

  constructor(
    private readonly url: string,
    private readonly wiring: Wiring,
  ) {
    addEventListener("online", () => {
      if (!this.isOpen()) this.connect();
    });
    setInterval(() => this.ping(), PING_MS);
  }

  connect(): void {
    this.socket?.close();
    this.wiring.link({ is: "connecting" });
    const socket = (this.socket = new WebSocket(this.url));
    socket.onopen = () => this.send({ kind: "hello", cursor: this.cursor, epoch: this.epoch });
    socket.onmessage = (message) => this.receive(JSON.parse(message.data as string) as ServerFrame);
    socket.onclose = (closed) => {
      if (socket === this.socket) this.lost(closed.code);
    };
  }

  /** Send a command; while offline it waits. Returns the id under which it will be acknowledged. */
  command(command: Command): string {
    const frame: CommandFrame = { kind: "command", id: newId(), command };
    this.unacknowledged.set(frame.id, frame);
    this.send(frame);
    return frame.id;
  }

  clock(action: "run" | "pause" | "step", speed: 1 | 10 | 60 = 1): void {
    this.send({ kind: "clock", id: newId(), action, speed });
  }

  /** Ask for what happened from `t` on, before this page came. */
  past(t: number): void {
    this.send({ kind: "past", id: newId(), t });
  }

  /** Ask about the cluster, now or at `t`; null where there is no answer (refused, or the line is down). */
  ask(question: Question, t: number | null): Promise<Answer | null> {
    const id = newId();
    return new Promise((resolve) => {
      if (!this.isOpen()) {
        resolve(null);
        return;
      }
      this.asked.set(id, resolve);
      this.send({ kind: "ask", id, question, t });
    });
  }

  private answered(id: string, answer: Answer | null): void {
    this.asked.get(id)?.(answer);
    this.asked.delete(id);
  }

  private receive(frame: ServerFrame): void {
    this.heard = performance.now();
    if (frame.kind === "snapshot") this.cursor = frame.cursor;
    else if ("cursor" in frame) this.cursor = Math.max(this.cursor ?? frame.cursor, frame.cursor);
    if ("epoch" in frame) this.epoch = frame.epoch;
    if (frame.kind === "answer" || (frame.kind === "nack" && this.asked.has(frame.id))) {
      this.answered(frame.id, frame.kind === "answer" ? frame.answer : null);
      return;
    }
    if (frame.kind === "ack" || frame.kind === "nack") this.unacknowledged.delete(frame.id);
    if (frame.kind === "pong") this.pong(frame.id, frame.server_ms);
    this.wiring.frame(frame);
    if (frame.kind === "welcome") this.welcomed();
  }

  private welcomed(): void {
    this.tries = 0;
    this.wiring.link({ is: "online" });
    this.ping();
    for (const frame of this.unacknowledged.values()) this.send(frame);
  }

  private lost(code: number): void {
    this.socket = null;
    for (const id of this.asked.keys()) this.answered(id, null);
    this.pings.clear();
    if (FINAL.has(code)) {
      this.wiring.link({ is: "refused" });
      return;
    }
    const wait = WAITS_MS[Math.min(this.tries, WAITS_MS.length - 1)] ?? 8000;
    this.tries += 1;
    this.wiring.link({ is: "offline", retryAt: performance.now() + wait });
    setTimeout(() => {
      if (!this.socket) this.connect();
    }, wait);
  }

  /** Ask for the server’s wall clock. */
  ping(): void {
    if (!this.isOpen()) return;
    if (this.pings.size > 0 && performance.now() - this.heard > SILENCE_MS) {
      this.socket?.close();
      return;
    }
    const id = newId();
    this.pings.set(id, performance.now());
    this.send({ kind: "ping", id });
  }

  private pong(id: string, server: number): void {
    const sent = this.pings.get(id);
    this.pings.delete(id);
    if (sent !== undefined) this.wiring.trip(server, performance.now() - sent);
  }

  private send(frame: ClientFrame): void {
    if (this.isOpen()) this.socket?.send(JSON.stringify(frame));
  }

  private isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }
}

/** An id that no other page has: `crypto.randomUUID` is not there on plain HTTP. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
