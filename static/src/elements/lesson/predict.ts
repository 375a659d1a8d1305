import { type TemplateResult, html, nothing } from "lit";
import { type Guess, type PredictionNow, predictionNow } from "../../goals";
import { mark } from "../marks";
import { type Asked, type Spec, ask, blank, shown } from "./forms";
import { Written, inline } from "./written";

/** A prediction: asked before it is seen, may be changed until it is, then compared with what came. A wrong one costs nothing. */
export class PodPredict extends Written {
  private readonly spec = JSON.parse(this.dataset.spec ?? "{}") as Spec;
  private draft: Guess | null = null;
  private shown = "";

  private get name(): string {
    return this.dataset.id ?? "";
  }

  private get now(): PredictionNow {
    return predictionNow(this.lab.store.state, this.name);
  }

  protected override heard(): void {
    if (JSON.stringify(this.now) !== this.shown) this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const now = this.now;
    this.shown = JSON.stringify(now);
    return html`<h3>${this.say("lesson.predict")}</h3>${this.written}${now.answer === undefined ? this.open(now) : this.compared(now, now.answer)}`;
  }

  private asked(value: Guess, answer?: Guess): Asked {
    const set = (draft: Guess): void => {
      this.draft = draft;
      this.requestUpdate();
    };
    return { id: this.name, spec: this.spec, draft: value, answer, words: this.words, set };
  }

  private open(now: PredictionNow): TemplateResult {
    const said = now.said !== undefined;
    const value = this.draft ?? now.value ?? blank(this.spec);
    const same = said && JSON.stringify(value) === JSON.stringify(now.value);
    return html`${ask(this.asked(value))}
      <div class="row"><button class="btn" type="button" ?disabled=${same} @click=${() => this.send(value)}>${said ? this.say("lesson.predict.change") : this.say("lesson.predict.send")}</button>
      <span role="status">${said ? this.say("lesson.predict.said", { value: shown(this.spec, now.value ?? "", this.words) }) : nothing}</span></div>`;
  }

  private compared(now: PredictionNow, answer: Guess): TemplateResult {
    const came = this.say("lesson.predict.came", { value: shown(this.spec, answer, this.words) });
    const guess = now.value;
    const at = now.at ?? 0;
    const verdict =
      guess === undefined
        ? html`<p>${came}</p>`
        : html`<p>${now.right ? mark("true", "ready") : mark("task-open")} <b>${now.right ? this.say("lesson.predict.right") : this.say("lesson.predict.other")}</b>
          ${this.say("lesson.predict.said", { value: shown(this.spec, guess, this.words) })} ${came}</p>`;
    return html`${this.spec.form === "instant" ? ask(this.asked(guess ?? answer, answer)) : nothing}<div class="came-words" role="status">${verdict}
      ${this.spec.why ? html`<p>${inline(this.spec.why)}</p>` : nothing}
      <button class="link" type="button" @click=${() => this.lab.lookAt(at)}>${this.say("why.goto", { time: this.lab.clock.text(at) })}</button></div>`;
  }

  private send(value: Guess): void {
    this.draft = null;
    this.lab.command({ kind: "predict", id: this.name, value: Array.isArray(value) ? [...(value as (string | number | boolean)[])] : (value as number) });
  }
}
