/** An instant is drawn on an axis of its own: a hollow diamond for the guess, a disc for what came; the slider is the axis for keys and fingers. */
import { type SVGTemplateResult, type TemplateResult, html, nothing, svg } from "lit";
import type { Asked } from "./forms";

const SCALES = [30, 60, 120, 300, 600, 1200, 3600];
const WIDTH = 280;
const SIDE = 8;

/** The axis, in seconds: long enough for the tolerance to be a fine thing on it, and for everything that is drawn. */
export function scaleOf(tolerance: number, ...drawn: readonly number[]): number {
  const wanted = Math.max(tolerance * 6, ...drawn.map((each) => each * 1.05), 30);
  return SCALES.find((each) => each >= wanted) ?? Math.ceil(wanted / 3600) * 3600;
}

/** Seconds of a duration as authors write it (`1m30s`). */
export function secondsOf(duration: string | null): number {
  const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };
  return [...(duration ?? "").matchAll(/(\d+)(ms|s|m|h)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0), 0);
}

export function instant({ id, spec, draft, answer, words, set }: Asked): TemplateResult {
  const seconds = Number(draft) / 1000;
  const known = typeof answer === "number" ? answer / 1000 : undefined;
  const tolerance = secondsOf(spec.tolerance);
  const scale = scaleOf(tolerance, seconds, known ?? 0);
  const pick = (event: Event): void => set(Math.max(0, Number((event.target as HTMLInputElement).value)) * 1000);
  return html`<div class="instant"><svg viewBox="0 0 ${WIDTH} 46" role="img" aria-label=${words.say("lesson.predict.axis", { lane: spec.lane ?? "" })}>${axis(scale)}${band(scale, known, tolerance)}
      ${known === undefined ? nothing : svg`<circle class="came" cx=${x(known, scale)} cy="14" r="5"></circle>`}${diamond(x(seconds, scale))}</svg>
    ${known === undefined ? html`<input type="range" min="0" max=${scale} step="1" aria-label=${words.say("lesson.predict.instant")} .value=${String(seconds)} @input=${pick}>
    <label><input type="number" id="number-${id}" min="0" step="1" inputmode="numeric" aria-label=${words.say("lesson.predict.instant")} .value=${String(seconds)} @change=${pick}> ${words.say("lesson.predict.unit")}</label>` : nothing}</div>`;
}

function x(seconds: number, scale: number): number {
  return SIDE + (Math.min(seconds, scale) / scale) * (WIDTH - 2 * SIDE);
}

function axis(scale: number): SVGTemplateResult {
  const step = scale / 6;
  const marks = Array.from({ length: 7 }, (_, index) => index * step);
  return svg`<path class="line" d="M${SIDE} 14H${WIDTH - SIDE}"></path>${marks.map(
    (each) => svg`<path class="tick" d="M${x(each, scale)} 9v10"></path><text class="s num" x=${x(each, scale)} y="36" text-anchor=${each === 0 ? "start" : each === scale ? "end" : "middle"}>${each}</text>`,
  )}`;
}

function band(scale: number, known: number | undefined, tolerance: number): SVGTemplateResult | typeof nothing {
  if (known === undefined || tolerance === 0) return nothing;
  const from = x(Math.max(0, known - tolerance), scale);
  return svg`<rect class="band" x=${from} y="10" width=${x(known + tolerance, scale) - from} height="8" rx="4"></rect>`;
}

function diamond(at: number): SVGTemplateResult {
  return svg`<path class="guess" d="M${at} 6l8 8-8 8-8-8z"></path>`;
}
