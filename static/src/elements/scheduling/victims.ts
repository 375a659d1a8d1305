/** Preemption: whose place could be taken, node by node; which was chosen, and what decided against the others. */
import { type TemplateResult, html, nothing } from "lit";
import type { Lab } from "../../lab";
import type { Explanation, Rival } from "../../wire";

export function victims(lab: Lab, answer: Explanation): TemplateResult | typeof nothing {
  const found = [...(answer.candidates ?? [])].sort((a, b) => Number(Boolean(a.lost)) - Number(Boolean(b.lost)));
  if (!found.length) return nothing;
  const say = lab.words.say.bind(lab.words);
  return html`<section class="blk sched"><h3>${say(answer.node ? "sched.victims.past" : "sched.victims")}</h3><p class="muted small">${say("sched.victims.order")}</p><ul class="fits">${found.map((each) => candidate(lab, each))}</ul></section>`;
}

function candidate(lab: Lab, each: Rival): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const verdict = each.lost ? say(`sched.lost.${each.lost}`) : say("sched.victims.chosen");
  return html`<li class=${each.lost ? "" : "chosen"}><b>${each.node}</b> <span class="plugin">${verdict}</span>
    <p>${each.victims.map((key) => key.replace(/^default\//, "")).join(", ")} <span class="plugin">${say("sched.victims.highest", { priority: each.highest ?? 0 })}</span>${
      each.violations ? html` <span class="st-notready word">${say("sched.victims.broken", { count: each.violations })}</span>` : nothing
    }</p></li>`;
}
