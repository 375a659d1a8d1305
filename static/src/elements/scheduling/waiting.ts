/** A Pod that no node takes: when it is tried again, and what would have to change, node by node. */
import { type TemplateResult, html, nothing } from "lit";
import type { Pod } from "../../kube";
import type { Lab } from "../../lab";
import type { Explanation, NodeRow } from "../../wire";
import { mark } from "../marks";
import { victims } from "./victims";
import { attempt, fact, run, wokenBy } from "./words";

/** So many groups of nodes, and so many lines of a group, are shown at once. */
const MOST_GROUPS = 6;
const MOST_LINES = 2;

/** Nodes of which the same is to be told. */
type Alike = readonly NodeRow[];

interface Told {
  readonly said: string;
  readonly line: string | undefined;
}

export function waiting(lab: Lab, pod: Pod, answer: Explanation): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const rows = [...(answer.rows ?? [])].sort((a, b) => (a.refusals?.length ?? 0) - (b.refusals?.length ?? 0) || a.node.localeCompare(b.node, "en", { numeric: true }));
  return html`<section class="blk sched"><h3>${say("sched.queue")}<span>${answer.number ? attempt(lab, answer) : nothing}</span></h3>
      <p class="said">${place(lab, pod, answer)}</p>
      ${answer.number && answer.woken ? html`<p class="muted small">${wokenBy(lab, answer.woken)}</p>` : nothing}</section>
    ${victims(lab, answer)}
    ${rows.length && answer.place !== "gated" ? html`<section class="blk sched"><h3>${say("sched.change")}</h3>${changes(lab, alike(rows))}</section>` : nothing}`;
}

/** The nodes that are nearest to taking it; the others on demand. */
function changes(lab: Lab, groups: readonly Alike[]): TemplateResult {
  const list = (shown: readonly Alike[]): TemplateResult => html`<ul class="fits">${shown.map((each) => row(lab, each))}</ul>`;
  const rest = groups.slice(MOST_GROUPS);
  return html`${list(groups.slice(0, MOST_GROUPS))}${more(lab, "sched.more.nodes", rest.flat().length, list(rest))}`;
}

function more(lab: Lab, key: string, count: number, body: TemplateResult): TemplateResult | typeof nothing {
  return count ? html`<details class="more"><summary>${lab.words.say(key, { count })}</summary>${body}</details>` : nothing;
}

/** Nodes that the same facts refuse are told of once, whatever their own names do in those facts and in the lines that would open them. */
function alike(rows: readonly NodeRow[]): Alike[] {
  const groups = new Map<string, NodeRow[]>();
  for (const each of rows) {
    const own = new RegExp(`(?<![\\w.-])${each.node.replaceAll(".", "\\.")}(?![\\w.-])`, "g");
    const key = JSON.stringify([each.refusals, each.remedies]).replace(own, "*");
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

function row(lab: Lab, group: Alike): TemplateResult {
  const nodes = group.map((each) => each.node).join(", ");
  const plugins = group[0]?.refusals?.flatMap(([plugin, reasons]) => reasons.map(() => plugin));
  if (!plugins?.length) return html`<li><b>${nodes}</b><p><span class="st-ready">${mark("true")}</span>${lab.words.say("sched.free")}</p></li>`;
  return html`<li><b>${nodes}</b>${plugins.map((plugin, at) => refusal(lab, plugin, told(lab, group, at)))}</li>`;
}

/** What is said of the group’s nodes for one of its facts: once where it is the same for all. */
function told(lab: Lab, group: Alike, at: number): Told[] {
  const all = group.map(({ refusals, remedies }) => {
    const reason = refusals?.flatMap(([, reasons]) => reasons)[at] ?? "";
    return { said: fact(lab, remedies?.[at], reason), line: remedies?.[at]?.command };
  });
  return all.filter((each, i) => all.findIndex((other) => other.said === each.said && other.line === each.line) === i);
}

/** A fact with the lines that would change it; of many lines the first. */
function refusal(lab: Lab, plugin: string, all: readonly Told[]): TemplateResult {
  const one = (each: Told, i: number): TemplateResult =>
    html`${each.said === all[i - 1]?.said ? nothing : html`<p><span class="st-crash">${mark("false")}</span>${each.said} <span class="plugin">${plugin}</span></p>`}${each.line ? run(lab, each.line) : nothing}`;
  const rest = all.slice(MOST_LINES);
  return html`${all.slice(0, MOST_LINES).map(one)}${more(lab, "sched.more.lines", rest.length, html`${rest.map((each, i) => one(each, i + MOST_LINES))}`)}`;
}
