import { expect, it } from "vitest";
import { spanFor, ticks } from "./scale";

it("shows the Pod’s birth while it is less than ten minutes old, and leaves room for the future", () => {
  for (const age of [0, 5000, 40_000, 400_000]) {
    const span = spanFor(1_000_000, 1_000_000 - age, 0);
    expect(span.from).toBeLessThan(1_000_000 - age);
    expect(span.to).toBeGreaterThan(1_000_000);
  }
});

it("stays as long as it is until the Pod does not fit any more", () => {
  const length = (now: number): number => spanFor(now, 0, 0).to - spanFor(now, 0, 0).from;
  expect(length(2000)).toBe(length(15_000));
  expect(length(400_000)).toBe(600_000);
});

it("marks round instants of the wall clock", () => {
  const { step, at } = ticks({ from: 300, to: 31_000 }, 500, 4000);
  expect(step).toBe(5000);
  expect(at.map((t) => (t + 500) % 5000)).toEqual([0, 0, 0, 0, 0, 0]);
});
