/** Memory in the inspector: the node’s gauge with its threshold, the ranking with its arithmetic, and the kernel’s OOM killer apart from it. */
import { type TemplateResult, html, nothing, svg } from "lit";
import type { Node } from "../../kube";
import type { Lab } from "../../lab";
import { type Gauge, MIB, type Share, gaugeOf, mi, ranking, scores } from "../../memory";

const WIDTH = 344;

/** All that a node’s memory has to say; nothing where nothing is known to be in use. */
export function memoryView(lab: Lab, node: Node): TemplateResult | typeof nothing {
  const gauge = gaugeOf(lab.state, node, lab.t);
  const shares = ranking(lab.state, node.metadata.name, lab.t);
  if (!gauge.used || !gauge.capacity) return nothing;
  return html`<section class="blk"><h3>${lab.words.say("memory.title")}<span>${lab.words.say("memory.used", { used: Math.round(gauge.used / MIB), all: Math.round(gauge.capacity / MIB) })}</span></h3>
      ${bar(lab, gauge, shares)}<p class="mono sumline">${arithmetic(gauge, shares)}</p></section>
    ${shares.length ? html`<section class="blk"><h3>${lab.words.say("evict.title")}</h3><p class="muted small">${lab.words.say("evict.about")}</p>${rankingTable(lab, shares)}</section>${oom(lab, shares, gauge.capacity)}` : nothing}`;
}

/** `2048 − (238 + 642) = 1168 Mi ≥ 100 Mi` */
function arithmetic(gauge: Gauge, shares: readonly Share[]): string {
  const parts = [...(gauge.system ? [gauge.system] : []), ...shares.map((each) => each.used)].map((each) => Math.round(each / MIB));
  return `${Math.round(gauge.capacity / MIB)} − (${parts.join(" + ")}) = ${mi(gauge.free)} ${gauge.free < gauge.threshold ? "<" : "≥"} ${mi(gauge.threshold)}`;
}

function bar(lab: Lab, gauge: Gauge, shares: readonly Share[]): TemplateResult {
  const at = (bytes: number): number => (Math.min(bytes, gauge.capacity) / gauge.capacity) * WIDTH;
  let from = 0;
  const parts = [{ name: lab.words.say("memory.system"), uid: "", used: gauge.system }, ...shares].filter((each) => each.used > 0);
  const limit = at(gauge.capacity - gauge.threshold);
  return html`<svg class="membar" viewBox="0 0 ${WIDTH} 53" role="img" aria-label=${arithmetic(gauge, shares)}>
    <rect class="track" x="0" y="14" width=${WIDTH} height="20" rx="3"></rect>
    ${parts.map((each) => {
      const x = at(from);
      from += each.used;
      const w = at(from) - x;
      const room = Math.floor((w - 6) / 5.6);
      return svg`<g><title>${`${each.name} ${mi(each.used)}`}</title><rect class=${each.uid && each.uid === lab.selected ? "part chosen" : each.uid ? "part" : "part sys"} x=${x + 0.5} y="14.5" width=${Math.max(1, w - 1)} height="19" rx="2.5"></rect>
        ${room > 3 ? svg`<text x=${x + w / 2} y="28" font-size="10" text-anchor="middle">${each.name.length > room ? `${each.name.slice(0, room - 1)}…` : each.name}</text>` : nothing}</g>`;
    })}
    <rect class="over" x=${limit - 1} y="10" width="2" height="28"></rect><text x=${WIDTH} y="8" class="s num" text-anchor="end">${lab.words.say("memory.threshold", { threshold: mi(gauge.threshold) })}</text>
    <text x=${WIDTH} y="50" class="s num" text-anchor="end">${lab.words.say("memory.free", { free: mi(gauge.free) })}</text></svg>`;
}

/** Who goes first, with the numbers that decide; `gone`: the name of the one that was evicted. */
export function rankingTable(lab: Lab, shares: readonly Share[], gone = ""): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const whole = (bytes: number): number => Math.round(bytes / MIB);
  return html`<table class="rank"><thead><tr><th scope="col" colspan="2">${say("evict.pod")}</th><th scope="col">${say("evict.over")}</th><th scope="col">${say("evict.priority")}</th><th scope="col">${say("evict.amount")}</th></tr></thead>
    <tbody>${shares.map((each, i) => {
      const over = each.used - each.requested;
      return html`<tr class=${each.name === gone || (each.uid && each.uid === lab.selected) ? "first" : ""}><td class="num">${i + 1}</td><th scope="row">${each.name}${each.qos ? html` <span class="muted">${each.qos}</span>` : nothing}</th>
        <td class=${over > 0 ? "st-crash" : "st-ready"}>${say(over > 0 ? "evict.yes" : "evict.no")}</td><td class="num">${each.priority}</td>
        <td class="num mono">${whole(each.used)} − ${whole(each.requested)} = <b>${over > 0 ? "+" : over < 0 ? "−" : ""}${Math.abs(whole(over))}</b></td></tr>`;
    })}</tbody></table>`;
}

/** The other mechanism: it acts when memory runs out before the kubelet looks. */
function oom(lab: Lab, shares: readonly Share[], capacity: number): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  return html`<section class="blk apart"><h3>${say("oom.title")}</h3><p class="muted small">${say("oom.about")}</p>
    <table class="rank"><thead><tr><th scope="col">${say("evict.pod")}</th><th scope="col">${say("oom.request")}</th><th scope="col">adj</th><th scope="col">${say("oom.share")}</th><th scope="col">${say("oom.score")}</th></tr></thead>
    <tbody>${scores(shares, capacity).map((each) => html`<tr><th scope="row">${each.name}</th><td class="mono">${each.sum || say("oom.fixed")}</td><td class="num">${each.adjustment}</td><td class="num">${each.share}</td><td class="num"><b>${each.adjustment + each.share}</b></td></tr>`)}</tbody></table></section>`;
}
