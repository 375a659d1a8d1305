/** The forms of a prediction: how each is asked, and how a guess or an answer of it reads. Pure but for the event handlers. */
import { type TemplateResult, html } from "lit";
import type { Guess } from "../../goals";
import type { Words } from "../../texts";
import { instant } from "./instant";

export type FormName = "instant" | "share" | "order" | "table" | "set" | "number";

/** What the author asks: `options` and `rows` in the reader’s language, `tolerance` as a duration. */
export interface Spec {
  readonly form: FormName;
  readonly lane: string | null;
  readonly tolerance: string | null;
  readonly options: readonly string[];
  readonly rows: readonly string[];
  readonly why: string;
}

/** One prediction being asked: the `draft` so far, the `answer` once it is known. */
export interface Asked {
  readonly id: string;
  readonly spec: Spec;
  readonly draft: Guess;
  readonly answer: Guess | undefined;
  readonly words: Words;
  readonly set: (draft: Guess) => void;
}

/** What a form begins with. */
export function blank(spec: Spec): Guess {
  if (spec.form === "order") return [...spec.options];
  if (spec.form === "set") return spec.options.map(() => false);
  if (spec.form === "table") return spec.rows.map(() => 0);
  return spec.form === "share" ? 50 : 0;
}

/** The controls with which it is answered. */
export function ask(asked: Asked): TemplateResult {
  switch (asked.spec.form) {
    case "instant":
      return instant(asked);
    case "number":
      return html`<label class="number"><span class="vh">${asked.words.say("lesson.predict.number")}</span><input type="number" step="any" inputmode="decimal" .value=${String(asked.draft)} @input=${(event: Event) => asked.set(Number(valueOf(event)))}></label>`;
    case "share":
      return html`<label class="share"><input type="range" min="0" max="100" aria-label=${asked.words.say("lesson.predict.share")} .value=${String(asked.draft)} @input=${(event: Event) => asked.set(Number(valueOf(event)))}><output class="num">${String(asked.draft)} %</output></label>`;
    case "order":
      return order(asked);
    case "set":
      return set(asked);
    case "table":
      return table(asked);
  }
}

/** A guess or an answer in words. */
export function shown(spec: Spec, value: Guess, words: Words): string {
  const list = Array.isArray(value) ? (value as readonly (number | string | boolean)[]) : [value as number | string | boolean];
  if (spec.form === "instant") return words.say("lesson.predict.seconds", { seconds: Math.round(Number(value) / 100) / 10 });
  if (spec.form === "share") return `${String(value)} %`;
  if (spec.form === "set") return spec.options.filter((_, index) => list[index] === true).join(", ") || words.say("lesson.predict.none");
  if (spec.form === "table") return spec.rows.map((row, index) => `${row}: ${spec.options[Number(list[index])] ?? String(list[index])}`).join(" · ");
  return list.join(spec.form === "order" ? " → " : ", ");
}

function order({ draft, words, set }: Asked): TemplateResult {
  const names = draft as readonly string[];
  const move = (from: number, to: number): void => {
    const next = [...names];
    next.splice(to, 0, ...next.splice(from, 1));
    set(next);
  };
  return html`<ol class="order">${names.map((name, index) => html`<li><span>${name}</span>
    <button type="button" ?disabled=${index === 0} aria-label=${words.say("lesson.predict.up", { name })} @click=${() => move(index, index - 1)}>↑</button>
    <button type="button" ?disabled=${index === names.length - 1} aria-label=${words.say("lesson.predict.down", { name })} @click=${() => move(index, index + 1)}>↓</button></li>`)}</ol>`;
}

function set({ spec, draft, set: change }: Asked): TemplateResult {
  const ticked = draft as readonly boolean[];
  const tick = (index: number): void => change(ticked.map((each, place) => (place === index ? !each : each)));
  return html`<ul class="set">${spec.options.map((option, index) => html`<li><label><input type="checkbox" .checked=${ticked[index] ?? false} @change=${() => tick(index)}><span>${option}</span></label></li>`)}</ul>`;
}

function table({ spec, draft, set: change }: Asked): TemplateResult {
  const chosen = draft as readonly number[];
  const choose = (row: number, event: Event): void => change(chosen.map((each, place) => (place === row ? Number(valueOf(event)) : each)));
  return html`<table><tbody>${spec.rows.map((row, index) => html`<tr><th scope="row">${row}</th><td><select aria-label=${row} @change=${(event: Event) => choose(index, event)}>${spec.options.map(
    (option, place) => html`<option value=${place} ?selected=${chosen[index] === place}>${option}</option>`,
  )}</select></td></tr>`)}</tbody></table>`;
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}
