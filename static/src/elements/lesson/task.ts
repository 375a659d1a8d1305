import { type TemplateResult, html, nothing } from "lit";
import { type TaskNow, hintsNow, seenWords, taskNow } from "../../goals";
import { mark } from "../marks";
import { hintView } from "./hint";
import { Written } from "./written";

/** A task: its words, how it stands, what was seen instead (with a way to that instant), its hints. */
export class PodTask extends Written {
  private shown = "";

  private get task(): string {
    return this.dataset.task ?? "";
  }

  protected override heard(): void {
    if (this.wanted() !== this.shown) this.requestUpdate();
  }

  /** Everything that its drawing depends on. */
  private wanted(): string {
    return JSON.stringify([this.now(), this.isCurrent(), this.hints(), this.lab.clock.zero]);
  }

  private now(): TaskNow {
    return taskNow(this.lab.store.state, this.task);
  }

  private isCurrent(): boolean {
    const { state } = this.lab.store;
    return this.lab.boot.goals?.tasks.find((each) => taskNow(state, each.id).state === "open")?.id === this.task;
  }

  /** The task’s hints that have no place of their own in the text. */
  private hints(): ReturnType<typeof hintsNow> {
    return hintsNow(this.lab.store.state).filter(([id, hint]) => hint.task === this.task && !document.querySelector(`pod-hint[data-id="${CSS.escape(id)}"]`));
  }

  protected override render(): TemplateResult {
    this.shown = this.wanted();
    const now = this.now();
    const state = this.isCurrent() ? "now" : now.state;
    this.dataset.state = state;
    const icon = { closed: "task-open", open: "task-open", now: "task-now", met: "task-met", broken: "task-broken" } as const;
    return html`${mark(icon[state])}<span class="vh">${this.words.say(`lesson.state.${state}`)}</span>
      <div class="words">${this.written}</div>
      <div class="standing">${this.standing(now)}${this.hints().map(([, hint]) => hintView(this.lab, hint))}</div>`;
  }

  private standing(now: TaskNow): TemplateResult | typeof nothing {
    const at = now.at ?? 0;
    if (now.state === "met") return html`<p class="at">${this.say("lesson.done.at", { time: this.lab.clock.text(at) })} ${this.jump(at)}</p>`;
    if (now.state === "broken") return html`<p class="at broken">${this.say("lesson.broken", { time: this.lab.clock.text(at) })} ${this.jump(at - 1)}</p>`;
    if (!now.seen) return nothing;
    return html`<p class="at seen">${seenWords(now.seen, this.words, this.lab.clock)} ${this.jump(now.seen.t)}</p>`;
  }

  private jump(t: number): TemplateResult {
    return html`<button class="link" type="button" @click=${() => this.lab.lookAt(t)}>${this.say("why.goto", { time: this.lab.clock.text(t) })}</button>`;
  }
}
