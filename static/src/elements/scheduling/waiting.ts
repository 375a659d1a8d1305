/** A Pod that no node takes: when it is tried again, and what would have to change, node by node. */
import { type TemplateResult, html, nothing } from "lit";
import type { Pod } from "../../kube";
import type { Lab } from "../../lab";
import type { Explanation, NodeRow } from "../../wire";
import { mark } from "../marks";
import { victims } from "./victims";
import { attempt, fact, run, wokenBy } from "./words";

export function waiting(lab: Lab, pod: Pod, answer: Explanation): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const rows = [...(answer.rows ?? [])].sort((a, b) => (a.refusals?.length ?? 0) - (b.refusals?.length ?? 0) || a.node.localeCompare(b.node, "en", { numeric: true }));
  return html`<section class="blk sched"><h3>${say("sched.queue")}<span>${answer.number ? attempt(lab, answer) : nothing}</span></h3>
      <p class="said">${place(lab, pod, answer)}</p>
      ${answer.number && answer.woken ? html`<p class="muted small">${wokenBy(lab, answer.woken)}</p>` : nothing}</section>
    ${victims(lab, answer)}
    ${rows.length && answer.place !== "gated" ? html`<section class="blk sched"><h3>${say("sched.change")}</h3><ul class="fits">${alike(rows).map((each) => row(lab, each))}</ul></section>` : nothing}`;
}

/** Nodes that the same facts refuse, and the same lines would open, are told of once. */
function alike(rows: readonly NodeRow[]): (readonly NodeRow[])[] {
  const groups = new Map<string, NodeRow[]>();
  for (const each of rows) {
    const key = JSON.stringify([each.refusals, each.remedies]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

/** Where in the queue it stands, and when it is tried again. */
function place(lab: Lab, pod: Pod, answer: Explanation): TemplateResult | string {
  const say = lab.words.say.bind(lab.words);
  if (answer.place === "gated")
    return html`${say("sched.gated")} <code>${(pod.spec.schedulingGates ?? []).map((each) => each.name).join(", ")}</code>${run(lab, ungate(pod))}`;
  if (!answer.place && pod.spec.schedulerName && pod.spec.schedulerName !== "default-scheduler") return say("sched.foreign", { name: pod.spec.schedulerName });
  if (answer.place === "backoff") return say("sched.backoff", { time: lab.clock.text(answer.next ?? 0) });
  if (answer.place === "unschedulable") return say("sched.unschedulable");
  return say(answer.place === "active" ? "sched.active" : "sched.nobody");
}

/** The line that takes all its gates away. */
function ungate(pod: Pod): string {
  const namespace = pod.metadata.namespace ?? "default";
  return `kubectl patch pod ${pod.metadata.name}${namespace === "default" ? "" : ` -n ${namespace}`} --type=json -p '[{"op":"remove","path":"/spec/schedulingGates"}]'`;
}

function row(lab: Lab, nodes: readonly NodeRow[]): TemplateResult {
  const { refusals, remedies } = nodes[0] ?? {};
  const node = nodes.map((each) => each.node).join(", ");
  if (!refusals?.length) return html`<li><b>${node}</b><p><span class="st-ready">${mark("true")}</span>${lab.words.say("sched.free")}</p></li>`;
  const plugins = refusals.flatMap(([plugin, reasons]) => reasons.map((reason) => ({ plugin, reason })));
  return html`<li><b>${node}</b>${plugins.map(({ plugin, reason }, at) => {
    const remedy = remedies?.[at];
    return html`<p><span class="st-crash">${mark("false")}</span>${fact(lab, remedy, reason)} <span class="plugin">${plugin}</span></p>${remedy?.command ? run(lab, remedy.command) : nothing}`;
  })}</li>`;
}
