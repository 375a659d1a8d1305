/** The inspector’s view of a Service: who stands behind it, who asked, and what came of it. */
import { type TemplateResult, html, nothing } from "lit";
import type { Pod, Service } from "../../kube";
import type { Lab } from "../../lab";
import { type Endpoint, endpointsOf } from "../../services";
import { address } from "../cluster/service";
import { mark } from "../marks";
import { outcome, requestsOf, requestsView } from "./requests";

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
    ${asked(lab, service)}`;
}

function asked(lab: Lab, service: Service): TemplateResult {
  const key = `${service.metadata.namespace ?? ""}/${service.metadata.name}`;
  const shown = requestsView(lab, "service.requests", requestsOf(lab, (each) => each.service === key), outcome);
  return shown === nothing ? html`<section class="blk"><h3>${lab.words.say("service.requests")}</h3><p class="muted">${lab.words.say("service.norequests")}</p></section>` : shown;
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
