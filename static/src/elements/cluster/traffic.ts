/** Traffic: a dot runs from the Service to the Pod for each request, while there are few enough to be seen as such. */
import type { Lab } from "../../lab";
import { DOTS } from "./service";

const RUN_MS = 520;
const SVG = "http://www.w3.org/2000/svg";

/** Sends a dot along its line for each request that was released since the last call. */
export class Traffic {
  private last = -1;

  show(root: Element, lab: Lab): void {
    const { requests } = lab.store;
    const from = this.last;
    this.last = requests.at(-1)?.n ?? -1;
    if (from < 0 || lab.still || document.hidden) return;
    const fresh = requests.slice(-DOTS).filter((each) => each.n > from && each.pod && each.service && !each.err);
    for (const each of fresh) {
      const path = root.querySelector<SVGPathElement>(`[data-to="${CSS.escape(`${each.service ?? ""} ${each.pod ?? ""}`)}"] path`);
      if (path) run(path);
    }
  }
}

function run(path: SVGPathElement): void {
  const dot = document.createElementNS(SVG, "circle");
  dot.setAttribute("r", "4");
  dot.setAttribute("class", "dot");
  dot.style.offsetPath = `path("${path.getAttribute("d") ?? ""}")`;
  path.parentElement?.append(dot);
  const running = dot.animate([{ offsetDistance: "0%" }, { offsetDistance: "100%" }], { duration: RUN_MS, easing: "ease-in-out" });
  running.onfinish = running.oncancel = () => dot.remove();
}
