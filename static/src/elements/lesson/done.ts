import { type TemplateResult, html, nothing } from "lit";
import { taskNow } from "../../goals";
import { mark } from "../marks";
import { Written } from "./written";

/** The end of a lesson: the sentence of cause, once all of it is met. */
export class PodDone extends Written {
  protected override render(): TemplateResult | typeof nothing {
    const whole = taskNow(this.lab.store.state, "");
    this.hidden = whole.state !== "met";
    if (this.hidden) return nothing;
    return html`<h3>${mark("task-met")} ${this.say("lesson.finished", { time: this.lab.clock.text(whole.at ?? 0) })}</h3>${this.written}`;
  }
}
