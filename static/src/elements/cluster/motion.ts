/** Motion: only what the cluster does, only at ×1, and not for those who asked for less. */
import type { Lab } from "../../lab";
import { standing } from "../../vocabulary";
import type { PodBox } from "./layout";

const words = new WeakMap<Element, string>();

/** Let Pods that got a node since `before` move there along a curve (who only makes room for others is there at once); underline the word that changed. */
export function move(root: Element, lab: Lab, before: ReadonlyMap<string, PodBox>, now: ReadonlyMap<string, PodBox>): void {
  const { still } = lab;
  for (const element of root.querySelectorAll<SVGGElement>("[data-moves]")) {
    const uid = element.dataset.moves ?? "";
    const box = now.get(uid);
    const old = before.get(uid);
    if (!box || same(old, box)) continue;
    if (!still && old && old.node?.metadata.uid !== box.node?.metadata.uid) curve(element, old.x - box.x, old.y - box.y);
    underline(element, standing(box.pod, box.node).word + standing(box.pod, box.node).readiness, still);
  }
}

function same(a: PodBox | undefined, b: PodBox): boolean {
  return a?.pod === b.pod && a.x === b.x && a.y === b.y;
}

function curve(element: SVGGElement, x: number, y: number): void {
  const at = (dx: number, dy: number): string => `translate(${dx}px, ${dy}px)`;
  element.animate([{ transform: at(x, y) }, { transform: at(x * 0.35, y * 0.75), offset: 0.5 }, { transform: at(0, 0) }], { duration: 320, easing: "ease-out" });
}

function underline(element: SVGGElement, word: string, still: boolean): void {
  const known = words.get(element);
  words.set(element, word);
  if (still || known === undefined || known === word) return;
  element.classList.add("changed");
  setTimeout(() => element.classList.remove("changed"), 1200);
}
