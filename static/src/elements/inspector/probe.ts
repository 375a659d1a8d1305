/** The probes of a Pod in the inspector: what is asked, the last tries, and the next. */
import { type TemplateResult, html, nothing } from "lit";
import type { Pod, Probe } from "../../kube";
import type { Lab } from "../../lab";
import { type ProbeNow, type Try, probesNow, triesOf } from "../../plans";
import { type Drawn, containersOf } from "../../vocabulary";
import { probeText } from "../cluster/probe";
import { mark } from "../marks";

const SHOWN = 6;

export function probeViews(lab: Lab, pod: Pod): TemplateResult[] {
  return containersOf(pod).flatMap((one) => probesNow(lab.state, pod, one.spec, one.status, lab.t).map((each) => view(lab, pod, one, each)));
}

/** What a probe does: `exec cat /ready`, `http GET :8080/health`. */
export function asked({ exec, httpGet, tcpSocket, grpc }: Probe): string {
  if (exec) return `exec ${(exec.command ?? []).join(" ")}`;
  if (httpGet) return `http GET :${httpGet.port ?? ""}${httpGet.path ?? "/"}`;
  if (tcpSocket) return `tcp :${tcpSocket.port ?? ""}`;
  return grpc ? `grpc :${grpc.port ?? ""}` : "";
}

function view(lab: Lab, pod: Pod, { spec }: Drawn, now: ProbeNow): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const seen = lab.store.index.ofProbes(pod.metadata.uid).filter((each) => each.container === spec.name && each.probe === now.kind);
  const first = lab.store.origin.seen.get(`probe ${pod.metadata.uid} ${now.kind} ${spec.name}`);
  const tries = triesOf(first?.kind === "probe" ? [first, ...seen] : seen, -Infinity, lab.t, SHOWN);
  const period = now.probe.periodSeconds ?? 10;
  return html`<section class="blk"><h3>${say(`why.probe.${now.kind}`)}<span class="mono ask">${asked(now.probe)}</span></h3>
    <ol class="tries">${tries.map((each) => one(lab, each))}${now.next === null ? nothing : html`<li class="st-pending to-come"><span class="ring"></span><span class="num">${minutes(lab, now.next)}</span></li>`}</ol>
    <p class="small num">${[probeText(lab, now), say("why.probe.every", { seconds: period })].filter(Boolean).join(" · ")}</p></section>`;
}

function one(lab: Lab, { t, outcome }: Try): TemplateResult {
  const good = outcome === "Success";
  const icon = good ? "ready" : outcome === "Failure" ? "false" : "unknown";
  return html`<li class=${good ? "st-ready" : "st-notready"}>${mark(icon)}<span class="vh">${outcome}</span><span class="num">${minutes(lab, t)}</span></li>`;
}

/** `01:41` of the hour. */
function minutes(lab: Lab, t: number): string {
  return lab.clock.text(t).slice(3);
}
