import { type TemplateResult, html, nothing } from "lit";
import { LabElement } from "../element";
import type { PodTimeline } from "../timeline/timeline";
import { describe } from "../../status";
import "./clock.css";

const SPEEDS = [1, 10, 60] as const;
const SHAPES = {
  previous: "M11.5 2v10L5 7zM2.5 2h2v10h-2z",
  pause: "M3.5 2h2.6v10H3.5zM8 2h2.6v10H8z",
  run: "M3.5 2v10l8-5z",
  next: "M2.5 2v10L9 7zM9.5 2h2v10h-2z",
};

/** The clock’s bar: previous and next change, run and pause, speed, the time, and one line that tells what happens. */
export class PodClock extends LabElement {
  protected override topics = ["change", "tick"] as const;
  private shown = "";
  private told = "";
  private toldAt = -Infinity;

  /** Only a new second, or a change, is worth drawing. */
  protected override heard(topic: string): void {
    const time = this.lab.clock.text(this.lab.t) + (this.lab.late ? "late" : "");
    if (topic === "change" || time !== this.shown) this.requestUpdate();
    this.shown = time;
  }

  protected override render(): TemplateResult {
    const { clock, view, t } = this.lab;
    const paused = clock.anchor.paused;
    return html`<div class="tbar">
      <div class="grp">
        ${this.button("previous", () => this.step(-1))}
        ${this.button(paused ? "run" : "pause", () => this.toggle(), true)}
        ${this.button("next", () => this.step(1))}
      </div>
      <div class="seg speeds" role="group" aria-label=${this.say("clock.speed")}>
        ${SPEEDS.map((speed) => html`<button type="button" aria-pressed=${!paused && clock.anchor.speed === speed} @click=${() => this.lab.socket.clock("run", speed)}>×${speed}</button>`)}
      </div>
      <button class="tool cycle" type="button" aria-label=${this.say("clock.speed.now", { speed: clock.anchor.speed })} @click=${() => this.faster()}>×${clock.anchor.speed}</button>
      <span class="clock num">${this.lab.begun ? clock.text(t, view !== null) : "––:––:––"}</span>
      <span class="muted status" role="status">${this.status()}</span>
      ${view === null ? nothing : html`<button class="tool back" type="button" @click=${() => this.lab.lookAt(null)}>${this.say("clock.live")}</button>`}
    </div>`;
  }

  /** The whole page shows that it looks back, not only this line. */
  protected override updated(): void {
    document.body.toggleAttribute("data-past", this.lab.view !== null);
  }

  /** What the status line says: where the learner is in time first, then the newest change, at most once a second. */
  private status(): string {
    const { lab } = this;
    if (!lab.begun) return this.say("state.connecting");
    if (lab.view !== null) return this.say("state.past");
    if (lab.news && performance.now() < lab.news.until) return lab.news.text;
    if (lab.late) return this.say("state.late", { time: lab.clock.text(lab.clock.now()) });
    if (lab.notice?.code === "slowed") return this.say("notice.slowed", { ...lab.notice.args, speed: Math.round(Number(lab.notice.args.speed) * 10) / 10 });
    if (performance.now() - this.toldAt > 1000) {
      const told = describe(lab);
      if (told !== this.told) this.toldAt = performance.now();
      this.told = told;
    }
    return lab.clock.anchor.paused ? this.say("state.paused", { then: this.told }) : this.told;
  }

  private button(shape: keyof typeof SHAPES, press: () => void, on = false): TemplateResult {
    return html`<button type="button" class="ib ${on ? "on" : ""}" aria-label=${this.say(`clock.${shape}`)} @click=${press}><svg viewBox="0 0 14 14" aria-hidden="true"><path d=${SHAPES[shape]}></path></svg></button>`;
  }

  /** Run or pause. */
  toggle(): void {
    const { paused, speed } = this.lab.clock.anchor;
    if (paused) this.lab.socket.clock("run", SPEEDS.find((each) => each === speed) ?? 1);
    else this.lab.socket.clock("pause");
  }

  /** The next speed, round and round: one button where there is no room for three. */
  private faster(): void {
    const now = SPEEDS.findIndex((each) => each === this.lab.clock.anchor.speed);
    this.lab.socket.clock("run", SPEEDS[(now + 1) % SPEEDS.length] ?? 1);
  }

  /** To a change: back in what is known; on past now, the cluster itself goes on by one step. */
  step(by: -1 | 1): void {
    if (by === 1 && this.lab.view === null) this.lab.socket.clock("step");
    else document.querySelector<PodTimeline>("pod-timeline")?.step(by);
  }
}
