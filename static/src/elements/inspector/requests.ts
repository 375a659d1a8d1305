/** Requests in the inspector: how many, who answered or asked how often, and the last ones. */
import { type TemplateResult, html, nothing } from "lit";
import { countUntil } from "../../history";
import type { Pod } from "../../kube";
import type { Lab } from "../../lab";
import type { RequestSeen } from "../../wire";

const LAST = 8;

/** The requests that are kept and were made up to the instant shown, the oldest first. */
export function requestsOf(lab: Lab, own: (each: RequestSeen) => boolean): RequestSeen[] {
  const known = lab.store.requests;
  return known.slice(0, countUntil(known, lab.t)).filter(own);
}

/** A Pod’s own: what came to it (a kubelet’s probes aside, which have their own place), and what it asked of others; nothing where there was neither. */
export function podRequests(lab: Lab, pod: Pod): (TemplateResult | typeof nothing)[] {
  const name = `${pod.metadata.namespace ?? "default"}/${pod.metadata.name}`;
  const came = requestsOf(lab, (each) => each.pod === name && !each.from.startsWith("kubelet/"));
  const asked = requestsOf(lab, (each) => each.from.startsWith(`pod/${name}/`) || each.from === `pod/${name}`);
  return [requestsView(lab, "requests.came", came, (each) => asker(each.from)), requestsView(lab, "requests.asked", asked, (each) => `${each.host} → ${outcome(each)}`)];
}

/** The count of each group, and the newest requests; `nothing` where there are none. */
export function requestsView(lab: Lab, title: string, own: readonly RequestSeen[], group: (each: RequestSeen) => string): TemplateResult | typeof nothing {
  if (own.length === 0) return nothing;
  const counts = new Map<string, number>();
  for (const each of own) counts.set(group(each), (counts.get(group(each)) ?? 0) + 1);
  return html`<section class="blk requests"><h3>${lab.words.say(title)}<span>${own.length}</span></h3>
    <table class="cond"><tbody>${[...counts].map(([who, count]) => html`<tr><th scope="row">${who}</th><td></td><td class="num">${count}</td></tr>`)}</tbody></table>
    <ul class="evs">${own.slice(-LAST).reverse().map((each) => html`<li><span class="eq num">${lab.clock.text(each.t)}</span>${asker(each.from)} → <b>${outcome(each)}</b> <span class="muted">${[each.path, each.code].filter(Boolean).join(" ")}</span></li>`)}</ul></section>`;
}

/** Who answered, by name; else what went wrong. */
export function outcome({ err, pod = "" }: RequestSeen): string {
  return err ?? pod.replace(/^.*\//, "");
}

/** `pod/default/web/nginx` is `web`; a node and the workstation have their names. */
function asker(from: string): string {
  const [kind = "", ...rest] = from.split("/");
  return (kind === "pod" ? rest[1] : rest[0]) ?? kind;
}
