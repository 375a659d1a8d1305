import { type TemplateResult, html, nothing } from "lit";
import type { Node, Pod } from "../../kube";
import { gaugeOf, mi } from "../../memory";
import { nodesOf, podsOf } from "../../objects";
import { servicesOf, endpointsOf, rateOf } from "../../services";
import { plansOf } from "../inspector/next";
import { endpointReason } from "../inspector/service";
import { address } from "../cluster/service";
import { readyCount, restarts, standing, wordsOf } from "../../vocabulary";
import { closures, nodeState, pressures, roomOf, roomText } from "../cluster/node";
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
      ${this.services()}
      <h2>${this.say("table.story")}</h2>${this.story()}`;
  }

  private nodes(nodes: readonly Node[], pods: readonly Pod[]): TemplateResult {
    const head = ["table.name", "table.state", "node.cpu", "node.memory"].map((key) => html`<th scope="col">${this.say(key)}</th>`);
    return html`<table><thead><tr>${head}</tr></thead><tbody>${nodes.map((node) => {
      const { icon, state } = nodeState(node);
      const word = this.say({ ready: "node.ready", notready: "node.notready", unknown: "node.lost" }[icon]);
      return html`<tr><th scope="row">${node.metadata.name}</th><td><span class="st-${state} word">${mark(icon)} ${word}</span>${pressures(node).map((each) => html` <span class="st-notready word">${mark("press")} ${each}</span>`)}${closures(node).map((each) => html` <span class="word">${mark("shut")} ${each}</span>`)}</td>
        <td class="num">${roomText(this.lab, roomOf(node, pods, "cpu"), "cpu")}</td><td class="num">${roomText(this.lab, roomOf(node, pods, "memory"), "memory")}${this.inUse(node)}</td></tr>`;
    })}</tbody></table>`;
  }

  private inUse(node: Node): string {
    const { used } = gaugeOf(this.lab.state, node, this.lab.t);
    return used ? ` · ${this.say("table.used", { used: mi(used) })}` : "";
  }

  private pods(pods: readonly Pod[], nodes: readonly Node[]): TemplateResult {
    const keys = ["table.name", "table.state", "table.ready", "table.restarts", "table.node", "table.why"];
    return html`<table><thead><tr>${keys.map((key) => html`<th scope="col">${this.say(key)}</th>`)}</tr></thead><tbody>${pods.map((pod) => this.pod(pod, nodes))}</tbody></table>`;
  }

  /** Who stands behind each Service, and why it gets traffic or none. */
  private services(): TemplateResult | typeof nothing {
    const services = servicesOf(this.lab.state);
    if (services.length === 0) return nothing;
    const rows = services.flatMap((service) => {
      const found = endpointsOf(this.lab.state, service);
      const { asked, failed } = rateOf(this.lab.store.requests, service, this.lab.t);
      const head = html`<tr><th scope="row">${service.metadata.name}</th><td class="mono">${address(service)}</td><td>${found.length ? "" : this.say("service.empty")}</td><td class="num">${[asked ? this.say("service.rate", { count: asked }) : "", failed ? this.say("service.failed", { count: failed }) : ""].filter(Boolean).join(", ")}</td></tr>`;
      return [head, ...found.map((each) => html`<tr><td>${each.name}</td><td class="mono">${each.address}</td><td>${this.say(each.ready ? "pod.ready" : "pod.notready")}</td><td>${each.ready ? "" : endpointReason(this.lab, each)}</td></tr>`)];
    });
    const keys = ["table.name", "table.address", "table.ready", "table.why"];
    return html`<h2>${this.say("table.services")}</h2><table><thead><tr>${keys.map((key) => html`<th scope="col">${this.say(key)}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
  }

  private pod(pod: Pod, nodes: readonly Node[]): TemplateResult {
    const shown = standing(pod, nodes.find((each) => each.metadata.name === pod.spec.nodeName));
    const failing = pod.status?.conditions?.find((each) => each.status === "False" && each.message);
    const name = pod.metadata.namespace === "default" ? pod.metadata.name : `${pod.metadata.namespace ?? ""}/${pod.metadata.name}`;
    return html`<tr><th scope="row"><button type="button" class="link" @click=${() => this.lab.select(pod.metadata.uid)}>${name}</button></th>
      <td><span class="st-${shown.state} word">${mark(shown.icon)} ${wordsOf(shown, this.words)}</span></td><td class="num">${readyCount(pod)}</td>
      <td class="num">${restarts(pod)}</td><td>${pod.spec.nodeName ?? "–"}</td><td>${[failing?.message, ...plansOf(this.lab, pod).map((each) => each.title)].filter(Boolean).join(" · ")}</td></tr>`;
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
