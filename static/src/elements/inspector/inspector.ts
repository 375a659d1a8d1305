import { type TemplateResult, html, nothing } from "lit";
import type { Obj, Pod } from "../../kube";
import { LabElement } from "../element";
import { fetchElement } from "../index";
import { icon } from "../marks";
import "./inspector.css";
import { nodeView } from "./node";
import { podView } from "./pod";
import { serviceView } from "./service";

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

  /** The Pod’s view; the scheduler’s table in it is fetched when the first Pod is looked at. */
  private podWith(pod: Pod): TemplateResult {
    void fetchElement("pod-scheduling");
    return podView(this.lab, pod);
  }

  /** The object in the editor, as a manifest; and whether the inspector stays here. */
  private asYaml(subject: Obj, resource: string): TemplateResult {
    const pinned = this.lab.pinned !== null;
    return html`<div class="blk acts"><button class="btn line" type="button" aria-pressed=${pinned} @click=${() => this.lab.pin()}>${this.say(pinned ? "why.unpin" : "why.pin")}</button> <button class="btn line" type="button" @click=${() => void this.open(subject, resource)}>${icon("doc")} ${this.say("editor.open.object")}</button></div>`;
  }

  private async open(subject: Obj, resource: string): Promise<void> {
    const { name, namespace } = subject.metadata;
    const answer = await this.lab.ask({ kind: "yaml", resource, namespace: namespace ?? "", name });
    if (answer) document.dispatchEvent(new CustomEvent("open-file", { detail: { path: `${name}.yaml`, text: answer.text } }));
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.lab.begun) return nothing;
    const { pinned, state } = this.lab;
    const subject = pinned ? state.objects.get(pinned) : this.lab.subject;
    if (subject?.kind === "Pod") return html`${this.podWith(subject as Pod)}${this.asYaml(subject, "pods")}`;
    if (subject?.kind === "Node") return html`${nodeView(this.lab, subject)}${this.asYaml(subject, "nodes")}`;
    if (subject?.kind === "Service") return html`${serviceView(this.lab, subject)}${this.asYaml(subject, "services")}`;
    return html`<div class="blk"><p>${this.say(this.lab.selected ? "why.gone" : "why.none")}</p>
      ${this.lab.selected ? html`<p class="muted">${this.say("why.gone.back")}</p>` : nothing}</div>`;
  }
}
