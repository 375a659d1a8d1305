import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watch } from "./preview";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the page comes again once the stamp is another, whatever happens on the way", async () => {
  const answers: (() => Promise<string>)[] = [
    () => Promise.resolve("1"),
    () => Promise.reject(new Error("the lab is being started again")),
    () => Promise.resolve("2"),
  ];
  const changed = vi.fn();
  void watch("1", changed, () => answers.shift()?.() ?? Promise.reject(new Error("asked once too often")));
  await vi.advanceTimersByTimeAsync(1000);
  expect(changed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(600);
  expect(changed).toHaveBeenCalledOnce();
  expect(answers).toEqual([]);
});
