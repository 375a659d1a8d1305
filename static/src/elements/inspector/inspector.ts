import { type TemplateResult, html, nothing } from "lit";
import type { Pod } from "../../kube";
import { LabElement } from "../element";
import "./inspector.css";
import { nodeView } from "./node";
import { podView } from "./pod";

/** Why is it so: the cause chain of what is selected, its conditions, containers and Events, at the instant shown. */
export class PodInspector extends LabElement {
  protected override topics = ["change", "tick"] as const;
  private second = -1;

  /** While a second lasts nothing here moves by itself. */
  protected override heard(topic: string): void {
    const second = Math.floor(this.lab.t / 1000);
    if (topic === "change" || second !== this.second) this.requestUpdate();
    this.second = second;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.lab.begun) return nothing;
    const subject = this.lab.subject;
    if (subject?.kind === "Pod") return podView(this.lab, subject as Pod);
    if (subject?.kind === "Node") return nodeView(this.lab, subject);
    return html`<div class="blk"><p>${this.say(this.lab.selected ? "why.gone" : "why.none")}</p>
      ${this.lab.selected ? html`<p class="muted">${this.say("why.gone.back")}</p>` : nothing}</div>`;
  }
}
