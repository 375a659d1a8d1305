/** A Pod that no node takes: when it is tried again, and what would have to change, node by node. */
import { type TemplateResult, html, nothing } from "lit";
import type { Pod } from "../../kube";
import type { Lab } from "../../lab";
import type { Explanation, NodeRow } from "../../wire";
import { mark } from "../marks";
import { fact, run, wokenBy } from "./words";

export function waiting(lab: Lab, pod: Pod, answer: Explanation): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const rows = [...(answer.rows ?? [])].sort((a, b) => (a.refusals?.length ?? 0) - (b.refusals?.length ?? 0) || a.node.localeCompare(b.node, "en", { numeric: true }));
  return html`<section class="blk sched"><h3>${say("sched.queue")}<span>${answer.number ? say("sched.attempt", { number: answer.number }) : nothing}</span></h3>
      <p class="said">${place(lab, pod, answer)}</p>
      ${answer.number && answer.woken ? html`<p class="muted small">${wokenBy(lab, answer.woken)}</p>` : nothing}</section>
    ${victims(lab, pod, answer)}
    ${rows.length && answer.place !== "gated" ? html`<section class="blk sched"><h3>${say("sched.change")}</h3><ul class="fits">${rows.map((each) => row(lab, each))}</ul></section>` : nothing}`;
}

/** Where in the queue it stands, and when it is tried again. */
function place(lab: Lab, pod: Pod, answer: Explanation): TemplateResult | string {
  const say = lab.words.say.bind(lab.words);
  if (answer.place === "gated") return html`${say("sched.gated")} <code>${(pod.spec.schedulingGates ?? []).map((each) => each.name).join(", ")}</code>`;
  if (answer.place === "backoff") return say("sched.backoff", { time: lab.clock.text(answer.next ?? 0) });
  if (answer.place === "unschedulable") return say("sched.unschedulable");
  return say(answer.place === "active" ? "sched.active" : "sched.nobody");
}

function row(lab: Lab, { node, refusals, remedies }: NodeRow): TemplateResult {
  if (!refusals?.length) return html`<li><b>${node}</b><p><span class="st-ready">${mark("true")}</span>${lab.words.say("sched.free")}</p></li>`;
  const plugins = refusals.flatMap(([plugin, reasons]) => reasons.map((reason) => ({ plugin, reason })));
  return html`<li><b>${node}</b>${plugins.map(({ plugin, reason }, at) => {
    const remedy = remedies?.[at];
    return html`<p><span class="st-crash">${mark("false")}</span>${fact(lab, remedy, reason)} <span class="plugin">${plugin}</span></p>${remedy?.command ? run(lab, remedy.command) : nothing}`;
  })}</li>`;
}

/** Preemption: whose place could be taken, node by node, and which was chosen. */
function victims(lab: Lab, pod: Pod, answer: Explanation): TemplateResult | typeof nothing {
  const found = answer.candidates ?? [];
  if (!found.length) return nothing;
  const say = lab.words.say.bind(lab.words);
  const chosen = pod.status?.nominatedNodeName;
  return html`<section class="blk sched"><h3>${say("sched.victims")}</h3><p class="muted small">${say("sched.victims.order")}</p><ul class="fits">${found.map(
    ([node, pods, broken]) => html`<li class=${node === chosen ? "chosen" : ""}><b>${node}</b>${node === chosen ? html` <span class="plugin">${say("sched.victims.chosen")}</span>` : nothing}
      <p>${pods.map((each) => each.replace(/^default\//, "")).join(", ")}${broken ? html` <span class="st-notready word">${say("sched.victims.broken", { count: broken })}</span>` : nothing}</p></li>`,
  )}</ul></section>`;
}
