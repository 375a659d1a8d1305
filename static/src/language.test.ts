import { expect, it } from "vitest";
import { placeOf } from "./language";

it("names the last task that the reader has passed", () => {
  document.body.innerHTML = '<div class="prose"><pod-task id="task-a"></pod-task><pod-task id="task-b"></pod-task><section id="claim-D1.1"></section></div>';
  const tops = [-200, 120, 900];
  [...document.querySelectorAll<HTMLElement>("[id]")].forEach((each, index) => {
    each.getClientRects = () => [{}] as unknown as DOMRectList;
    each.getBoundingClientRect = () => ({ top: tops[index] ?? 0 }) as DOMRect;
  });
  expect(placeOf(document, 800)).toBe("#task-b");
  document.body.innerHTML = "";
  expect(placeOf(document, 800)).toBe(location.hash);
});
