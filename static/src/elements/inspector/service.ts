/** The inspector’s view of a Service: who stands behind it, who asked, and what came of it. */
import { type TemplateResult, html } from "lit";
import { countUntil } from "../../history";
import type { Pod, Service } from "../../kube";
import type { Lab } from "../../lab";
import { type Endpoint, endpointsOf } from "../../services";
import type { RequestSeen } from "../../wire";
import { address } from "../cluster/service";
import { mark } from "../marks";

const LAST = 8;

export function serviceView(lab: Lab, service: Service): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const found = endpointsOf(lab.state, service);
  const ready = found.filter((each) => each.ready).length;
  const selector = Object.entries(service.spec?.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  return html`<header><h2>${mark(ready ? "ready" : "notready", ready ? "ready" : "notready")}${service.metadata.name}</h2>
      <div class="sub"><span class="mono">${address(service)}</span> · ${service.spec?.type ?? "ClusterIP"}</div></header>
    <section class="blk"><h3>${say("service.selects")}</h3><p class="mono">${selector.length ? selector.join(", ") : say("service.noselector")}</p></section>
    <section class="blk"><h3>${say("service.endpoints")}<span>${say("service.readyof", { count: ready, all: found.length })}</span></h3>
      ${found.length ? html`<table class="cond"><tbody>${found.map((each) => row(lab, each))}</tbody></table>` : html`<p class="muted">${say("service.empty.why")}</p>`}</section>
    ${requests(lab, service)}`;
}

function row(lab: Lab, each: Endpoint): TemplateResult {
  const name = each.name || each.address;
  const link = html`<button type="button" class="link" @click=${() => lab.select(each.uid)}>${name}</button>`;
  return html`<tr class=${each.ready ? "" : "hot"}><th scope="row"><span class="st-${each.ready ? "ready" : "notready"}">${mark(each.ready ? "true" : "false")}</span>${lab.state.objects.has(each.uid) ? link : name}</th>
    <td class="mono">${each.address}</td><td>${endpointReason(lab, each)}</td></tr>`;
}

/** Why an address gets traffic, or none. */
export function endpointReason(lab: Lab, each: Endpoint): string {
  if (each.ready) return lab.words.say("pod.ready");
  const pod = lab.state.objects.get(each.uid) as Pod | undefined;
  const reason = pod?.status?.conditions?.find((one) => one.type === "Ready")?.reason;
  return each.terminating ? "Terminating" : (reason ?? lab.words.say("pod.notready"));
}

function requests(lab: Lab, service: Service): TemplateResult {
  const key = `${service.metadata.namespace ?? ""}/${service.metadata.name}`;
  const known = lab.store.requests;
  const own = known.slice(0, countUntil(known, lab.t)).filter((each) => each.service === key);
  const by = new Map<string, number>();
  for (const each of own) by.set(outcome(each), (by.get(outcome(each)) ?? 0) + 1);
  return html`<section class="blk"><h3>${lab.words.say("service.requests")}<span>${own.length}</span></h3>
    ${own.length === 0 ? html`<p class="muted">${lab.words.say("service.norequests")}</p>` : html`<table class="cond"><tbody>${[...by].map(([who, count]) => html`<tr><th scope="row">${who}</th><td></td><td class="num">${count}</td></tr>`)}</tbody></table>
      <ul class="evs">${own.slice(-LAST).reverse().map((each) => html`<li><span class="eq num">${lab.clock.text(each.t)}</span>${each.from} → <b>${outcome(each)}</b> <span class="muted">${[each.path, each.code].filter(Boolean).join(" ")}</span></li>`)}</ul>`}</section>`;
}

/** Who answered, by name; else what went wrong. */
function outcome({ err, pod = "" }: RequestSeen): string {
  return err ?? pod.replace(/^.*\//, "");
}
