/** How a probe’s tries are drawn in their lane: counted ones as numbers until there are enough, others as checks and crosses. */
import { type SVGTemplateResult, svg } from "lit";
import type { ProbeNow, Try } from "../../plans";

/** How many successes in a row a probe asks for. */
export function wantedOf(now: ProbeNow): number {
  return now.probe.successThreshold ?? 1;
}

/** The number of the try that comes next, as it stands now; 0 where successes are not counted. */
export function nextNumber(now: ProbeNow): number {
  return now.counts === "Success" && !now.passing && wantedOf(now) > 1 ? now.done + 1 : 0;
}

/** A try at `x`; `title` for who points at it. */
export function drawTry(each: Try, wanted: number, x: number, y: number, title: string): SVGTemplateResult {
  const good = each.outcome === "Success";
  const sign = !good ? svg`<path d="M${x - 3.5} ${y - 3.5}l7 7m0-7l-7 7" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"></path>`
    : each.count < wanted ? svg`<circle cx=${x} cy=${y} r="6.2" fill="currentColor"></circle>${number(each.count, x, y, "counted")}`
    : svg`<circle cx=${x} cy=${y} r="5.6" fill="currentColor"></circle><path d="M${x - 2.5} ${y + 0.2}l1.8 1.9 3.1-3.7" fill="none" stroke="var(--surface)" stroke-width="1.5"></path>`;
  return svg`<g class="st-${good ? "ready" : "notready"}"><title>${title}</title>${sign}</g>`;
}

/** The try that is to come, with its number where it counts. */
export function drawNext(count: number, x: number, y: number): SVGTemplateResult {
  return svg`<g class="st-${count ? "ready" : "pending"}"><circle cx=${x} cy=${y} r=${count ? 6.2 : 5.4} fill="none" stroke="currentColor" stroke-width="1.3" stroke-dasharray="2 2"></circle>${count ? number(count, x, y, "cur") : ""}</g>`;
}

function number(count: number, x: number, y: number, style: string): SVGTemplateResult {
  return svg`<text x=${x} y=${y + 3.3} class=${style} font-size="9.5" font-weight="700" text-anchor="middle">${count}</text>`;
}
