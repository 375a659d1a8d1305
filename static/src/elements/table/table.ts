import { type TemplateResult, html, nothing } from "lit";
import type { Node, Pod } from "../../kube";
import { nodesOf, podsOf } from "../../objects";
import { readyCount, restarts, standing, wordsOf } from "../../vocabulary";
import { nodeState, pressures, roomOf, roomText } from "../cluster/node";
import { LabElement } from "../element";
import { mark } from "../marks";
import type { PodTimeline } from "../timeline/timeline";
import "./table.css";

/** The picture’s facts as tables, and the time line as a list. */
export class PodTable extends LabElement {
  protected override heard(): void {
    if (!this.hidden) this.requestUpdate();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.lab.begun) return nothing;
    const pods = podsOf(this.lab.state);
    const nodes = nodesOf(this.lab.state);
    return html`<h2>${this.say("table.nodes")}</h2>${this.nodes(nodes, pods)}
      <h2>${this.say("table.pods")}</h2>${pods.length ? this.pods(pods, nodes) : html`<p>${this.say("cluster.empty")}</p>`}
      <h2>${this.say("table.story")}</h2>${this.story()}`;
  }

  private nodes(nodes: readonly Node[], pods: readonly Pod[]): TemplateResult {
    const head = ["table.name", "table.state", "node.cpu", "node.memory"].map((key) => html`<th scope="col">${this.say(key)}</th>`);
    return html`<table><thead><tr>${head}</tr></thead><tbody>${nodes.map((node) => {
      const { icon, state } = nodeState(node);
      const word = this.say({ ready: "node.ready", notready: "node.notready", unknown: "node.lost" }[icon]);
      return html`<tr><th scope="row">${node.metadata.name}</th><td><span class="st-${state} word">${mark(icon)} ${word}</span>${pressures(node).map((each) => html` <span class="st-notready word">${mark("press")} ${each}</span>`)}</td>
        <td class="num">${roomText(this.lab, roomOf(node, pods, "cpu"), "cpu")}</td><td class="num">${roomText(this.lab, roomOf(node, pods, "memory"), "memory")}</td></tr>`;
    })}</tbody></table>`;
  }

  private pods(pods: readonly Pod[], nodes: readonly Node[]): TemplateResult {
    const keys = ["table.name", "table.state", "table.ready", "table.restarts", "table.node", "table.why"];
    return html`<table><thead><tr>${keys.map((key) => html`<th scope="col">${this.say(key)}</th>`)}</tr></thead><tbody>${pods.map((pod) => this.pod(pod, nodes))}</tbody></table>`;
  }

  private pod(pod: Pod, nodes: readonly Node[]): TemplateResult {
    const shown = standing(pod, nodes.find((each) => each.metadata.name === pod.spec.nodeName));
    const failing = pod.status?.conditions?.find((each) => each.status === "False" && each.message);
    const name = pod.metadata.namespace === "default" ? pod.metadata.name : `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`;
    return html`<tr><th scope="row"><button type="button" class="link" @click=${() => this.lab.select(pod.metadata.uid)}>${name}</button></th>
      <td><span class="st-${shown.state} word">${mark(shown.icon)} ${wordsOf(shown, this.words)}</span></td><td class="num">${readyCount(pod)}</td>
      <td class="num">${restarts(pod)}</td><td>${pod.spec.nodeName ?? "–"}</td><td>${failing?.message ?? ""}</td></tr>`;
  }

  /** What happened to the selected Pod, oldest first. */
  private story(): TemplateResult {
    const story = document.querySelector<PodTimeline>("pod-timeline")?.story;
    if (!story) return html`<p>${this.say("time.none")}</p>`;
    const said = story.lanes.flatMap((lane) => lane.stretches.map((each) => ({ t: each.from, text: `${lane.key === "phase" ? this.say("lane.phase") : lane.name}: ${each.word}` })));
    const events = story.events.map((each) => ({ t: each.t, text: `${each.reason}: ${each.message}` }));
    const lines = [...said, ...events].filter((each) => each.t <= this.lab.t).sort((a, b) => a.t - b.t);
    return html`<ol class="story">${lines.map((each) => html`<li><span class="num mono">${this.lab.clock.text(each.t, true)}</span> ${each.text}</li>`)}</ol>`;
  }
}
