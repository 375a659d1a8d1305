import { expect, it } from "vitest";
import { isFlood, lastLines } from "./log";

const screen = (text: string, total = text.length): { text: string; total: number } => ({ text, total });

it("keeps each line’s key while more comes, so that only the new one is told", () => {
  const before = lastLines(screen("one\r\ntwo\r\n"));
  const now = lastLines(screen("one\r\ntwo\r\nthr"));
  expect(before.map((each) => each.key)).toEqual([0, 5]);
  expect(now).toEqual([...before, { key: 10, text: "thr" }]);
});

it("keeps the keys when the beginning of the text is dropped", () => {
  expect(lastLines(screen("two\r\n", 10))).toEqual([{ key: 5, text: "two\n" }]);
});

it("shows sixty lines of any number, whole ones, without escape sequences", () => {
  const lines = lastLines(screen("\x1b[32mgreen\x1b[0m\r\n".repeat(10_000)));
  expect(lines.length).toBe(60);
  expect(new Set(lines.map((each) => each.text))).toEqual(new Set(["green\n"]));
});

it("is a flood when nothing of what stood there is there any more", () => {
  const of = (count: number) => lastLines(screen("y\r\n".repeat(count)));
  expect([isFlood([], of(500)), isFlood(of(10), of(30)), isFlood(of(10), of(500))]).toEqual([false, false, true]);
});
