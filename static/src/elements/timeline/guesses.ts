/** The learner’s predictions on the time line: a hollow diamond at the instant that she expects, on the lane that the lesson names. */
import { type SVGTemplateResult, svg } from "lit";
import { predictionNow } from "../../goals";
import type { Lab } from "../../lab";

export interface Guessed {
  readonly lane: string;
  readonly t: number;
}

/** Those about the selected object, once it is known from when they count. */
export function guesses(lab: Lab): Guessed[] {
  const name = lab.subject?.metadata.name;
  return (lab.boot.goals?.instants ?? []).flatMap(({ id, lane }) => {
    const { value, since } = predictionNow(lab.state, id);
    const [object, key] = lane.split("/");
    return object === name && typeof value === "number" && since !== undefined ? [{ lane: key ?? "", t: since + value }] : [];
  });
}

/** One of them at a place; `after`: room for its words is on the right. */
export function drawGuess(x: number, y: number, words: string, after: boolean): SVGTemplateResult {
  return svg`<g class="guessed"><path d="M${x} ${y - 8}l8 8-8 8-8-8z"></path><text x=${after ? x + 13 : x - 13} y=${y + 4} class="b" font-size="10.5" text-anchor=${after ? "start" : "end"}>${words}</text></g>`;
}
