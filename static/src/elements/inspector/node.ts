/** The inspector’s view of a node. */
import { type TemplateResult, html, nothing } from "lit";
import { type Node, quantity } from "../../kube";
import type { Lab } from "../../lab";
import { podsOf } from "../../objects";
import { type Room, nodeState, pressures, roomOf, roomText, taintText } from "../cluster/node";
import { mark } from "../marks";
import { memoryView } from "./memory";
import { pressureView } from "./pressure";

export function nodeView(lab: Lab, node: Node): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const { icon, state } = nodeState(node);
  const pods = podsOf(lab.state);
  const count = pods.filter((each) => each.spec.nodeName === node.metadata.name).length;
  const word = { ready: "node.ready", notready: "node.notready", unknown: "node.lost" }[icon];
  return html`<header><h2>${mark(icon, state)}${node.metadata.name}</h2><div class="sub"><span class="st-${state} word">${say(word)}</span>${pressures(node).map((each) => html` · <span class="st-notready word">${each}</span>`)}${node.spec?.unschedulable ? html` · <span class="word">SchedulingDisabled</span>` : nothing} · ${say("node.pods", { count, all: quantity(node.status?.allocatable?.pods) })}</div></header>
    <section class="blk"><h3>${say("node.capacity")}</h3><table class="cond"><thead><tr><td></td><th scope="col">${say("node.requested")}</th><th scope="col">${say("node.free")}</th></tr></thead><tbody>
      ${(["cpu", "memory"] as const).map((resource) => {
        const room = roomOf(node, pods, resource);
        return html`<tr><th scope="row">${say(`node.${resource}`)}</th><td class="num">${roomText(lab, room, resource)}</td><td class="num">${free(room, resource)}</td></tr>`;
      })}</tbody></table></section>
    ${memoryView(lab, node)}
    ${pressureView(lab, node)}
    <section class="blk"><h3>${say("why.conditions")}<span>${say("why.since")}</span></h3><table class="cond"><tbody>${(node.status?.conditions ?? []).map((each) => {
      const good = each.type === "Ready" ? each.status === "True" : each.status === "False";
      return html`<tr class=${good ? "" : "hot"}><th scope="row"><span class="st-${good ? "ready" : "notready"}">${mark(good ? "true" : "false")}</span>${each.type}</th><td>${each.status}</td><td>${each.reason ?? ""}</td>
        <td class="num">${lab.clock.text(lab.clock.virtual(each.lastTransitionTime))}</td></tr>`;
    })}</tbody></table></section>
    ${taints(lab, node)}`;
}

function free(room: Room, resource: "cpu" | "memory"): string {
  const left = room.allocatable - room.requested;
  return resource === "cpu" ? String(Math.round(left * 100) / 100) : `${Math.round(left / 2 ** 20)} Mi`;
}

function taints(lab: Lab, node: Node): TemplateResult | typeof nothing {
  const found = node.spec?.taints ?? [];
  if (found.length === 0) return nothing;
  return html`<section class="blk"><h3>${lab.words.say("node.taints")}</h3><ul>${found.map((each) => html`<li class="mono">${taintText(each)}</li>`)}</ul></section>`;
}
