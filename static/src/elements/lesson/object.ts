import { type TemplateResult, html } from "lit";
import type { Node, Obj, Pod } from "../../kube";
import { containersOf, standing, wordsOf } from "../../vocabulary";
import { container, containerWidth, mark } from "../marks";
import { Written } from "./written";

/** A picture of one object (`pod/web`) as it is at the instant shown; a click selects it. */
export class PodObject extends Written {
  protected override render(): TemplateResult {
    const ref = this.dataset.ref ?? "";
    const found = this.find(ref);
    if (!found) return html`<p class="thing none"><code>${ref}</code> ${this.say("lesson.object.none")}</p>`;
    return html`<button class="thing" type="button" @click=${() => this.lab.select(found.metadata.uid)}>${found.kind === "Pod" ? this.pod(found as Pod) : html`<code>${ref}</code>`}</button>`;
  }

  private find(ref: string): Obj | undefined {
    const [kind, name] = ref.split("/");
    return [...this.lab.state.objects.values()].find((each) => each.kind.toLowerCase() === kind?.toLowerCase() && each.metadata.name === name);
  }

  private pod(pod: Pod): TemplateResult {
    const node = [...this.lab.state.objects.values()].find((each) => each.kind === "Node" && each.metadata.name === pod.spec.nodeName) as Node | undefined;
    const shown = standing(pod, node);
    const drawn = containersOf(pod);
    const width = drawn.reduce((sum, each) => sum + containerWidth(each.kind) + 4, 0);
    let x = 1;
    return html`<span class="st-${shown.state}">${mark(shown.icon)}</span><b>${pod.metadata.name}</b> <span class="st-${shown.state} word">${wordsOf(shown, this.words)}</span>
      <svg class="st-${shown.state}" width=${width} height="13" aria-hidden="true">${drawn.map((each) => {
        const box = container(each.kind, x, 1, each.runs);
        x += containerWidth(each.kind) + 4;
        return box;
      })}</svg><span class="muted">${pod.spec.nodeName ?? ""}</span>`;
  }
}
