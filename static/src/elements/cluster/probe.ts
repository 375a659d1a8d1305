/** Probes as pips: a tag (S, L or R) and as many pips as are counted; filled with a check or a cross counts, dashed is still to come. */
import { type SVGTemplateResult, svg } from "lit";
import type { Lab } from "../../lab";
import type { ProbeNow } from "../../plans";

const TAG = { startup: "S", readiness: "R", liveness: "L" };
/** More pips than this are told as a number. */
const MOST = 5;
const SIZE = 12;

/** How wide the pips of a probe are. */
export function pipsWidth({ all }: ProbeNow): number {
  return 16 + (all > MOST ? 0 : all * (SIZE + 2));
}

/** The pips; `x` is their left end. */
export function pips(now: ProbeNow, x: number, y: number): SVGTemplateResult {
  const good = now.counts === "Success";
  const shown = now.all > MOST ? 0 : now.all;
  return svg`<g class="st-${now.passing && now.outcome !== "Failure" ? "ready" : "notready"}"><rect x=${x} y=${y} width="12.5" height="12.5" rx="3" fill="currentColor"></rect>
    <text x=${x + 6.2} y=${y + 9.6} class="inv b" font-size="9" text-anchor="middle">${TAG[now.kind]}</text>
    ${Array.from({ length: shown }, (_, i) => pip(x + 16 + i * (SIZE + 2) + SIZE / 2, y + 6.2, i < now.done, good))}</g>`;
}

function pip(x: number, y: number, filled: boolean, good: boolean): SVGTemplateResult {
  if (!filled) return svg`<circle cx=${x} cy=${y} r="5" fill="none" stroke="currentColor" stroke-width="1.2" stroke-dasharray="2 2"></circle>`;
  const sign = good ? `M${x - 2.4} ${y + 0.2}l1.7 1.8 3-3.5` : `M${x - 2} ${y - 2}l4 4m0-4l-4 4`;
  return svg`<circle cx=${x} cy=${y} r="5.4" fill="currentColor"></circle><path d=${sign} fill="none" stroke="var(--surface)" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round"></path>`;
}

/** `2 of 3 · next in 7 s`, `every 10 s`, `first in 4 s`. */
export function probeText(lab: Lab, now: ProbeNow): string {
  const { say } = { say: lab.words.say.bind(lab.words) };
  const seconds = now.next === null ? null : Math.max(1, Math.ceil((now.next - lab.t) / 1000));
  const next = seconds === null ? "" : say(now.outcome ? "probe.next" : "probe.first", { seconds });
  const settled = now.passing && now.outcome !== "Failure";
  const of = !now.outcome || settled ? "" : say(now.counts === "Failure" ? "probe.fails" : "probe.of", { count: now.done, all: now.all });
  return [of, next].filter(Boolean).join(" · ");
}
