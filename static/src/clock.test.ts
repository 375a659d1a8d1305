import { describe, expect, it, vi } from "vitest";
import { Clock } from "./clock";

const ZERO = Date.UTC(2026, 10, 20, 9, 0, 0);

function clock(): { clock: Clock; pass: (ms: number) => void } {
  let steady = 5000;
  const made = new Clock(() => steady);
  made.zero = ZERO;
  return { clock: made, pass: (ms) => (steady += ms) };
}

describe("the clock", () => {
  it("goes on from the server’s anchor, whatever the browser’s own clock shows", () => {
    const { clock: it_, pass } = clock();
    it_.anchor = { wall_ms: ZERO, virtual_ms: 0, speed: 1, paused: false };
    it_.sync(ZERO + 1000);
    expect(it_.now()).toBe(1000);
    pass(500);
    expect(it_.now()).toBe(1500);
  });

  it("runs as fast as it is told, and stands while paused", () => {
    const { clock: it_, pass } = clock();
    it_.sync(ZERO);
    it_.anchor = { wall_ms: ZERO, virtual_ms: 100, speed: 60, paused: false };
    pass(1000);
    expect(it_.now()).toBe(60_100);
    it_.anchor = { wall_ms: ZERO, virtual_ms: 100, speed: 60, paused: true };
    expect(it_.now()).toBe(100);
  });

  it("believes the shortest way to the server, in its middle", () => {
    const { clock: it_ } = clock();
    it_.anchor = { wall_ms: ZERO, virtual_ms: 0, speed: 1, paused: false };
    it_.sync(ZERO + 1000);
    it_.sync(ZERO + 1000, 40);
    expect(it_.now()).toBe(1020);
    it_.sync(ZERO + 5000, 400);
    expect(it_.now()).toBe(1020);
  });

  it("notices that the server’s clock was set, not that a frame was late", () => {
    const { clock: it_, pass } = clock();
    it_.sync(ZERO);
    pass(5000);
    expect(it_.jumped(ZERO + 4200)).toBe(false);
    expect(it_.jumped(ZERO + 5000 - 3_600_000)).toBe(true);
    expect(it_.jumped(ZERO + 5000 + 3_600_000)).toBe(true);
  });

  it("does not notice that the browser’s wall clock is wrong, or is set", () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { clock: it_ } = clock();
    it_.anchor = { wall_ms: ZERO, virtual_ms: 0, speed: 1, paused: false };
    for (const wrong of [ZERO, ZERO + 3_600_000, 0]) {
      vi.setSystemTime(wrong);
      it_.sync(ZERO + 1000, 10);
      expect([it_.now(), it_.text(it_.now())]).toEqual([1005, "09:00:01"]);
    }
    vi.useRealTimers();
  });

  it("tells time as the API does, in UTC", () => {
    const { clock: it_ } = clock();
    expect(it_.text(104_312)).toBe("09:01:44");
    expect(it_.text(104_312, true)).toBe("09:01:44.312");
    expect(it_.text(NaN)).toBe("–");
    expect(it_.virtual("2026-11-20T09:01:44Z")).toBe(104_000);
    expect(it_.virtual(undefined)).toBeNaN();
  });
});
