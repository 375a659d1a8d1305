/** The virtual clock: read from the server’s anchor, never from the browser’s wall clock, which may be wrong or jump. */
import type { Anchor } from "./wire";

/** A steady clock in milliseconds, as `performance.now`. */
export type Steady = () => number;

/** A frame may be so late; what differs by more is a clock that was set. */
const JUMP_MS = 1000;

export class Clock {
  anchor: Anchor = { wall_ms: 0, virtual_ms: 0, speed: 1, paused: true };
  /** Wall time of virtual zero: what the API’s timestamps are counted from. */
  zero = 0;
  private offset = 0;
  private best = Infinity;

  constructor(private readonly steady: Steady = () => performance.now()) {}

  /** The server’s wall clock showed `server` when its frame came, up to `trip` ms after it was asked; the shortest trip is believed. */
  sync(server: number, trip = Infinity): void {
    if (trip > this.best) return;
    this.best = trip;
    this.offset = server + (trip === Infinity ? 0 : trip / 2) - this.steady();
  }

  /** Whether the server’s wall clock, which showed `server` just now, is another than the one that is believed. */
  jumped(server: number): boolean {
    return Math.abs(server - this.offset - this.steady()) > JUMP_MS;
  }

  /** Believe the next `sync` again: the connection is new, or the machine slept. */
  doubt(): void {
    this.best = Infinity;
  }

  /** Virtual now. */
  now(): number {
    const { wall_ms, virtual_ms, speed, paused } = this.anchor;
    return paused ? virtual_ms : virtual_ms + Math.max(0, this.steady() + this.offset - wall_ms) * speed;
  }

  /** An API timestamp (whole seconds) as virtual milliseconds; NaN for none. */
  virtual(stamp: string | null | undefined): number {
    return stamp ? Date.parse(stamp) - this.zero : NaN;
  }

  /** `09:01:44` of a virtual instant, in UTC as the API and `date` show it; with `.312` when milliseconds are asked for. */
  text(t: number, withMs = false): string {
    if (!Number.isFinite(t)) return "–";
    return new Date(this.zero + Math.floor(t)).toISOString().slice(11, withMs ? 23 : 19);
  }
}
