import { render, svg } from "lit";
import { expect, it } from "vitest";
import type { ProbeNow, Try } from "../../plans";
import { drawNext, drawTry, nextNumber } from "./tries";

function shown(template: ReturnType<typeof drawTry>): string {
  const into = document.createElement("div");
  render(svg`${template}`, into);
  return `${into.querySelector("g")?.getAttribute("class")} ${into.querySelector("text")?.textContent ?? ""}`.trim();
}

it.each([
  [{ outcome: "Success", count: 1 }, 3, "st-ready 1"],
  [{ outcome: "Success", count: 2 }, 3, "st-ready 2"],
  [{ outcome: "Success", count: 3 }, 3, "st-ready"],
  [{ outcome: "Success", count: 1 }, 1, "st-ready"],
  [{ outcome: "Failure", count: 2 }, 3, "st-notready"],
] as [Omit<Try, "t">, number, string][])("numbers the tries that count until there are enough: %o of %i", (each, wanted, expected) => {
  expect(shown(drawTry({ t: 0, ...each }, wanted, 10, 10, "x"))).toBe(expected);
});

it("numbers the try to come where it counts", () => {
  const now = { counts: "Success", passing: false, done: 2, probe: { successThreshold: 3 } } as ProbeNow;
  expect([now, { ...now, passing: true }, { ...now, counts: "Failure" }, { ...now, probe: {} }].map((each) => nextNumber(each as ProbeNow))).toEqual([3, 0, 0, 0]);
  expect([shown(drawNext(3, 10, 10)), shown(drawNext(0, 10, 10))]).toEqual(["st-ready 3", "st-pending"]);
});
