/** A placed Pod: every plugin’s points for every node that passed, their sum, and who was refused before. */
import { type TemplateResult, html, nothing } from "lit";
import type { Lab } from "../../lab";
import type { Explanation, NodeRow } from "../../wire";
import { camel } from "../camel";
import { mark } from "../marks";
import { attempt, wokenBy } from "./words";

export function points(lab: Lab, node: string, answer: Explanation): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const rows = answer.rows ?? [];
  if (!rows.length) return html`<p class="muted small">${say(answer.number ? "sched.forgotten" : "sched.unasked")}</p>`;
  const scored = rows.filter((each) => each.scores).sort((a, b) => Number(b.node === node) - Number(a.node === node) || (b.total ?? 0) - (a.total ?? 0));
  const refused = rows.filter((each) => each.refusals?.length);
  return html`${answer.woken ? html`<p class="muted small">${attempt(lab, answer)} · ${wokenBy(lab, answer.woken)}</p>` : nothing}
    <p class="said">${verdict(lab, node, scored)}</p>
    ${scored.length ? table(lab, node, answer, scored) : nothing}
    ${refused.length ? html`<h4>${say("sched.refused")}</h4><ul class="reasons">${refused.map((each) => html`<li><span class="st-crash">${mark("false")}</span><b>${each.node}</b> ${reasons(each)}</li>`)}</ul>` : nothing}`;
}

function reasons(row: NodeRow): string {
  return (row.refusals ?? []).flatMap(([, each]) => each).join(", ");
}

/** In one sentence: alone, ahead of the second, or drawn among equals. */
function verdict(lab: Lab, node: string, scored: readonly NodeRow[]): string {
  const [first, second] = scored;
  if (!first || !second) return lab.words.say("sched.alone", { node });
  const ahead = (first.total ?? 0) - (second.total ?? 0);
  if (ahead > 0) return lab.words.say("sched.ahead", { node, second: second.node, count: ahead });
  return lab.words.say("sched.drawn", { node, nodes: scored.filter((each) => each.total === first.total).map((each) => each.node).join(", ") });
}

/** Plugins down, nodes across, the chosen one first; where the nodes differ stands above where they do not. */
function table(lab: Lab, node: string, answer: Explanation, scored: readonly NodeRow[]): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const differ = (plugin: string): boolean => new Set(scored.map((each) => each.scores?.[plugin]?.[1])).size > 1;
  const plugins = Object.keys(scored[0]?.scores ?? {});
  const ordered = [...plugins.filter(differ), ...plugins.filter((each) => !differ(each))];
  const class_ = (each: NodeRow): string => (each.node === node ? "num chosen" : "num");
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${say("sched.points", { node })}><table class="points"><thead><tr><th scope="col">${say("sched.plugin")}</th>${scored.map((each) => html`<th scope="col" class=${class_(each)}>${each.node}</th>`)}</tr></thead>
    <tbody>${ordered.map((plugin) => html`<tr class=${differ(plugin) ? "" : "even"}><th scope="row">${camel(plugin)}</th>${scored.map((each) => html`<td class=${class_(each)}>${cell(each.scores?.[plugin], answer.weights?.[plugin] ?? 1)}</td>`)}</tr>`)}</tbody>
    <tfoot><tr><th scope="row">${say("sched.sum")}</th>${scored.map((each) => html`<td class=${class_(each)}>${each.total ?? 0}</td>`)}</tr></tfoot></table></div>
    <p class="muted small">${say("sched.legend")}</p><dl class="counts">${ordered.map((each) => html`<dt>${camel(each)}</dt><dd>${say(`sched.counts.${each}`)}</dd>`)}</dl>`;
}

/** Points from 0 to 100, times the plugin’s weight; what it counted before stands behind, where that is another number. */
function cell(score: [number, number] | undefined, weight: number): TemplateResult | string {
  if (!score) return "–";
  const [raw, weighted] = score;
  const normal = weight ? weighted / weight : 0;
  return html`<span title=${raw === normal ? nothing : `raw ${raw}`}>${normal}${weight === 1 ? nothing : html`<span class="times"> × ${weight}</span>`}</span>`;
}
