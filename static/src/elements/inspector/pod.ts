/** The inspector’s view of a Pod. */
import { type TemplateResult, html, nothing } from "lit";
import { type Condition, type ContainerState, type Event, type Pod, condition, quantity } from "../../kube";
import type { Lab } from "../../lab";
import { mi, told } from "../../memory";
import { eventsAbout, nodeNamed } from "../../objects";
import { memoryOf } from "../../plans";
import { type Drawn, containersOf, cut, restarts, standing, wordsOf } from "../../vocabulary";
import { type Link, chainOf } from "../../why";
import type { Cause } from "../../wire";
import { camel } from "../camel";
import { mark } from "../marks";
import { rankingTable } from "./memory";
import { plansOf } from "./next";
import { probeViews } from "./probe";
import { podRequests } from "./requests";

const EVENTS = 8;

export function podView(lab: Lab, pod: Pod): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const node = nodeNamed(lab.state, pod.spec.nodeName);
  const shown = standing(pod, node);
  const place = [pod.spec.nodeName, pod.status?.podIP].filter(Boolean).join(" · ");
  return html`<header><h2>${mark(shown.icon, shown.state)}${pod.metadata.name}</h2>
      <div class="sub"><span class="st-${shown.state} word">${wordsOf(shown, lab.words)}</span>${place ? ` · ${place}` : nothing}${pod.metadata.namespace === "default" ? nothing : ` · ${pod.metadata.namespace ?? ""}`}</div></header>
    ${why(lab, pod, shown.state)}${evicted(lab, pod)}${oomKilled(lab, pod)}${scheduler(lab, pod)}<pod-scheduling></pod-scheduling>${probeViews(lab, pod)}
    ${conditions(lab, pod.status?.conditions ?? [])}
    <section class="blk"><h3>${say("why.containers")}<span>${say("why.restarts", { count: restarts(pod) })}</span></h3>
      <table class="cond">${containersOf(pod).map((each) => container(lab, each))}</table></section>
    ${podRequests(lab, pod)}${events(lab, pod)}`;
}

function why(lab: Lab, pod: Pod, state: string): TemplateResult | typeof nothing {
  const links = chainOf(lab.store, pod.metadata.uid, lab.t);
  const reason = pod.status?.message ?? condition(pod, "Ready")?.message;
  const plans = plansOf(lab, pod);
  if (links.length === 0 && !reason && plans.length === 0) return nothing;
  const count = links.length ? html`<span>${lab.words.say(links.length === 1 ? "why.cause" : "why.causes", { count: links.length })}</span>` : nothing;
  const body = links.length || plans.length
    ? html`<ol class="chain">${links.map((each, i) => link(lab, each, i === links.length - 1, state))}${plans.map((each) => html`<li class="next"><span class="ttl">${each.title}</span>${each.sum ? html`<span class="sum mono">${each.sum}</span>` : nothing}</li>`)}</ol>`
    : html`<p class="said">${reason}</p>`;
  return html`<section class="blk"><h3>${lab.words.say(`why.${state}`)}${count}</h3>${body}</section>`;
}

function link(lab: Lab, { t, cause, deed }: Link, last: boolean, state: string): TemplateResult {
  const { title, text } = cause ? lab.words.cause(readable(cause)) : { title: lab.words.say(`why.learner.${deed}`), text: "" };
  const at = html`<button type="button" class="eq" @click=${() => lab.lookAt(t)} aria-label=${lab.words.say("why.goto", { time: lab.clock.text(t, true) })}>${lab.clock.text(t, true)}</button>`;
  return html`<li class=${last ? `now st-${state}` : ""}>${at}<span class="ttl">${title}</span>${text ? html`<span class="sum">${text}</span>` : nothing}</li>`;
}

/** Bytes in a cause’s numbers as a person reads them. */
function readable(cause: Cause): Cause {
  if (cause.args.resource !== "memory") return cause;
  const { used = 0, requested = 0 } = cause.args;
  return { ...cause, args: { ...cause.args, used: mi(Number(used)), requested: mi(Number(requested)) } };
}

/** Why this Pod had to go, and not another: the threshold, and the kubelet’s ranking of that instant. */
function evicted(lab: Lab, pod: Pod): TemplateResult | typeof nothing {
  const own = lab.store.index.ofObject(pod.metadata.uid);
  const cause = own.find((each) => each.cause?.rule === "E7" && each.t <= lab.t)?.cause;
  if (!cause) return nothing;
  const { threshold = "", available = "", resource = "", ranking = "" } = cause.args;
  return html`<section class="blk"><h3>${lab.words.say("evict.why")}<span>${resource}</span></h3><p class="mono sumline">${available} &lt; ${threshold}</p>
    <p class="muted small">${lab.words.say("evict.about")}</p>${rankingTable(lab, told(String(ranking)), pod.metadata.name)}<p class="muted small">${lab.words.say("evict.notoom")}</p></section>`;
}

/** The kernel, not the kubelet: a container that went over its own limit, or whose machine had no memory left. */
function oomKilled(lab: Lab, pod: Pod): TemplateResult | typeof nothing {
  const killed = containersOf(pod).find(({ status }) => [status?.state, status?.lastState].some((each) => each?.terminated?.reason === "OOMKilled"));
  if (!killed) return nothing;
  const limit = killed.spec.resources?.limits?.memory;
  return html`<section class="blk apart"><h3>${lab.words.say("oom.killed")}</h3><p class="small">${lab.words.say(limit ? "oom.killed.limit" : "oom.killed.node", { container: killed.spec.name, limit: limit ?? "" })}</p></section>`;
}

function conditions(lab: Lab, found: readonly Condition[]): TemplateResult {
  const times = found.map((each) => lab.clock.text(lab.clock.virtual(each.lastTransitionTime)));
  const hour = times[0]?.slice(0, 3) ?? "";
  const common = times.every((each) => each.startsWith(hour)) ? hour : "";
  return html`<section class="blk"><h3>${lab.words.say("why.conditions")}<span>${lab.words.say("why.since")} ${common}</span></h3>
    ${found.length ? conditionRows(found, times.map((each) => each.slice(common.length))) : html`<p class="muted">${lab.words.say("why.noconditions")}</p>`}</section>`;
}

function conditionRows(found: readonly Condition[], times: readonly string[]): TemplateResult {
  return html`<table class="cond"><thead class="vh"><tr><th scope="col">type</th><th scope="col">status</th><th scope="col">reason</th><th scope="col">since</th></tr></thead>
    <tbody>${found.map((each, i) => {
      const good = each.status === "True";
      const state = good ? "ready" : "notready";
      return html`<tr class=${good ? "" : "hot"}><th scope="row"><span class="st-${state}">${mark(good ? "true" : each.status === "Unknown" ? "unknown" : "false")}</span>\u2060${camel(each.type)}</th>
        <td>${each.status}</td><td>${camel(each.reason ?? "")}</td><td class="num">${times[i] ?? ""}</td></tr>`;
    })}</tbody></table>`;
}

function container(lab: Lab, { spec, status, kind }: Drawn): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const last = status?.lastState?.terminated ? stateText(lab, status.lastState) : say("why.neverended");
  return html`<tr><th scope="row"><b title=${spec.name}>${cut(spec.name, 24)}</b>${kind === "app" ? nothing : html` <span class="muted">${kind === "side" ? "sidecar" : "init"}</span>`}</th>
      <td>${stateText(lab, status?.state)}</td><td>ready ${String(status?.ready ?? false)}</td></tr>
    <tr><th scope="row" class="muted">lastState</th><td class="muted">${last}</td><td>${status?.restartCount ? say("why.restarts", { count: status.restartCount }) : `started ${String(status?.started ?? false)}`}</td></tr>
    ${memory(lab, spec, memoryOf(lab.state, status, lab.t))}`;
}

/** What the container holds, beside what it asked for and may have. */
function memory(lab: Lab, { resources }: Drawn["spec"], used: number | null): TemplateResult | typeof nothing {
  if (used === null) return nothing;
  const limit = resources?.limits?.memory;
  const asked = lab.words.say("memory.request", { request: mi(quantity(resources?.requests?.memory)) });
  return html`<tr><th scope="row" class="muted">${lab.words.say("node.memory")}</th><td class="num">${mi(used)}</td><td>${limit ? `${asked} · ${lab.words.say("memory.limit", { limit: mi(quantity(limit)) })}` : asked}</td></tr>`;
}

function stateText(lab: Lab, state: ContainerState | undefined): string {
  const say = lab.words.say.bind(lab.words);
  const time = (stamp?: string): string => lab.clock.text(lab.clock.virtual(stamp));
  if (state?.running) return say("state.running", { time: time(state.running.startedAt) });
  if (state?.terminated) return say("state.terminated", { reason: state.terminated.reason ?? "", code: state.terminated.exitCode, time: time(state.terminated.finishedAt) });
  return state?.waiting ? say("state.waiting", { reason: state.waiting.reason ?? "" }) : say("state.none");
}

/** Why no node took it: the scheduler’s own words, one reason a line. */
function scheduler(lab: Lab, pod: Pod): TemplateResult | typeof nothing {
  const scheduled = condition(pod, "PodScheduled");
  if (scheduled?.status !== "False" || !scheduled.message) return nothing;
  const [head = "", rest = ""] = scheduled.message.split(/:\s(.*)/s);
  const [refusals = "", more = ""] = rest.split(/\.\s(.*)/s);
  const reasons = refusals.replace(/\.$/, "").split(/,\s(?=\d+\s)/).filter(Boolean);
  return html`<section class="blk"><h3>${lab.words.say("why.scheduler")}<span>${scheduled.reason ?? ""}</span></h3>
    <p class="said"><b>${head}</b></p><ul class="reasons">${reasons.map((each) => html`<li><span class="st-crash">${mark("false")}</span>${each}</li>`)}</ul>${more ? html`<p class="muted small">${more}</p>` : nothing}</section>`;
}

function events(lab: Lab, pod: Pod): TemplateResult | typeof nothing {
  const found = eventsAbout(lab.state, pod.metadata.uid);
  if (found.length === 0) return nothing;
  const stamp = (event: Event): string => event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? "";
  return html`<section class="blk"><h3>${lab.words.say("lane.events")}<span>${found.length}</span></h3><ul class="evs">${found.slice(-EVENTS).map(
    (each) => html`<li><span class="eq num">${lab.clock.text(lab.clock.virtual(stamp(each)))}</span><b class=${each.type === "Warning" ? "st-crash" : ""}>${each.reason}</b>${(each.count ?? 1) > 1 ? html` <span class="muted">×${each.count}</span>` : nothing}<span class="sum">${each.message}</span></li>`,
  )}</ul></section>`;
}
