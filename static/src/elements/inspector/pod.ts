/** The inspector’s view of a Pod. */
import { type TemplateResult, html, nothing } from "lit";
import { type Condition, type ContainerState, type Event, type Node, type Pod, condition } from "../../kube";
import type { Lab } from "../../lab";
import { all, eventsAbout } from "../../objects";
import { type Drawn, containersOf, restarts, standing, wordsOf } from "../../vocabulary";
import { type Link, chainOf } from "../../why";
import { mark } from "../marks";

const EVENTS = 8;

export function podView(lab: Lab, pod: Pod): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const node = all<Node>(lab.state, "Node").find((each) => each.metadata.name === pod.spec.nodeName);
  const shown = standing(pod, node);
  const place = [pod.spec.nodeName, pod.status?.podIP].filter(Boolean).join(" · ");
  return html`<header><h2>${mark(shown.icon, shown.state)}${pod.metadata.name}</h2>
      <div class="sub"><span class="st-${shown.state} word">${wordsOf(shown, lab.words)}</span>${place ? ` · ${place}` : nothing}${pod.metadata.namespace === "default" ? nothing : ` · ${pod.metadata.namespace ?? ""}`}</div></header>
    ${why(lab, pod, shown.state)}${scheduler(lab, pod)}
    ${conditions(lab, pod.status?.conditions ?? [])}
    <section class="blk"><h3>${say("why.containers")}<span>${say("why.restarts", { count: restarts(pod) })}</span></h3>
      <table class="cond">${containersOf(pod).map((each) => container(lab, each))}</table></section>
    ${events(lab, pod)}`;
}

function why(lab: Lab, pod: Pod, state: string): TemplateResult | typeof nothing {
  const links = chainOf(lab.store, pod.metadata.uid, lab.t);
  const reason = pod.status?.message ?? condition(pod, "Ready")?.message;
  if (links.length === 0 && !reason) return nothing;
  const count = links.length ? html`<span>${lab.words.say(links.length === 1 ? "why.cause" : "why.causes", { count: links.length })}</span>` : nothing;
  const body = links.length
    ? html`<ol class="chain">${links.map((each, i) => link(lab, each, i === links.length - 1, state))}</ol>`
    : html`<p class="said">${reason}</p>`;
  return html`<section class="blk"><h3>${lab.words.say(`why.${state}`)}${count}</h3>${body}</section>`;
}

function link(lab: Lab, { t, cause, deed }: Link, last: boolean, state: string): TemplateResult {
  const { title, text } = cause ? lab.words.cause(cause) : { title: lab.words.say(`why.learner.${deed}`), text: "" };
  const at = html`<button type="button" class="eq" @click=${() => lab.lookAt(t)} aria-label=${lab.words.say("why.goto", { time: lab.clock.text(t, true) })}>${lab.clock.text(t, true)}</button>`;
  return html`<li class=${last ? `now st-${state}` : ""}>${at}<span class="ttl">${title}</span>${text ? html`<span class="sum">${text}</span>` : nothing}</li>`;
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
      return html`<tr class=${good ? "" : "hot"}><th scope="row"><span class="st-${state}">${mark(good ? "true" : each.status === "Unknown" ? "unknown" : "false")}</span>${each.type}</th>
        <td>${each.status}</td><td>${each.reason ?? ""}</td><td class="num">${times[i] ?? ""}</td></tr>`;
    })}</tbody></table>`;
}

function container(lab: Lab, { spec, status, kind }: Drawn): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const last = status?.lastState?.terminated ? stateText(lab, status.lastState) : say("why.neverended");
  return html`<tr><th scope="row"><b>${spec.name}</b>${kind === "app" ? nothing : html` <span class="muted">${kind === "side" ? "sidecar" : "init"}</span>`}</th>
      <td>${stateText(lab, status?.state)}</td><td>ready ${String(status?.ready ?? false)}</td></tr>
    <tr><th scope="row" class="muted">lastState</th><td class="muted">${last}</td><td>started ${String(status?.started ?? false)}</td></tr>`;
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
