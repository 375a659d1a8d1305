/** Disk and process numbers of a node in the inspector: what is in use, and how much must stay free. */
import { type TemplateResult, html, nothing, svg } from "lit";
import { type Node, quantity } from "../../kube";
import type { Lab } from "../../lab";
import type { NodeSeen } from "../../wire";

const WIDTH = 344;
const GIB = 2 ** 30;

interface Figures {
  readonly title: string;
  readonly used: number;
  readonly all: number;
  readonly kept: number;
  readonly text: (amount: number) => string;
}

/** Both gauges; nothing of a node of which nothing was told. */
export function pressureView(lab: Lab, node: Node): TemplateResult | typeof nothing {
  const seen = lab.state.seen.get(`node ${node.metadata.name}`) as NodeSeen | undefined;
  if (!seen) return nothing;
  const disk = quantity(node.status?.capacity?.["ephemeral-storage"]);
  const say = lab.words.say.bind(lab.words);
  const bars: Figures[] = [
    { title: say("disk.title"), used: seen.disk, all: disk, kept: seen.disk_kept, text: size },
    { title: say("pids.title"), used: seen.pids, all: seen.pids_most, kept: seen.pids_kept, text: String },
  ];
  return html`${bars.filter((each) => each.all > 0).map((each) => gauge(lab, each))}`;
}

/** `0.4 Gi` where that says something, else `12 Mi`. */
export function size(bytes: number): string {
  return bytes >= GIB / 10 ? `${Math.round((bytes / GIB) * 10) / 10} Gi` : `${Math.round(bytes / 2 ** 20)} Mi`;
}

function gauge(lab: Lab, { title, used, all, kept, text }: Figures): TemplateResult {
  const say = lab.words.say.bind(lab.words);
  const free = Math.max(0, all - used);
  const at = (amount: number): number => (Math.min(amount, all) / all) * WIDTH;
  const sum = `${text(all)} − ${text(used)} = ${text(free)}${kept ? ` ${free < kept ? "<" : "≥"} ${text(kept)}` : ""}`;
  return html`<section class="blk"><h3>${title}<span>${say("gauge.used", { used: text(used), all: text(all) })}</span></h3>
    <svg class="membar" viewBox="0 -4 ${WIDTH} 42" role="img" aria-label=${sum}><rect class="track" x="0" y="14" width=${WIDTH} height="12" rx="3"></rect>
      <rect class=${kept && free < kept ? "part sys short" : "part sys"} x="0.5" y="14.5" width=${Math.max(1, at(used) - 1)} height="11" rx="2.5"></rect>
      ${kept ? svg`<rect class="over" x=${at(all - kept) - 1} y="10" width="2" height="20"></rect>` : nothing}
      <text x=${WIDTH} y="8" class="s num" text-anchor="end">${say(kept ? "memory.threshold" : "gauge.unwatched", { threshold: text(kept) })}</text></svg><p class="mono sumline">${sum}</p></section>`;
}
