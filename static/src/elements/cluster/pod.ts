/** One Pod of the picture, in its three sizes. Icon, word and outline tell the state; colour repeats it. */
import { type SVGTemplateResult, type TemplateResult, nothing, svg } from "lit";
import { quantity } from "../../kube";
import type { Lab } from "../../lab";
import { type ProbeNow, memoryOf, memoryOfPod, probesNow, waitOf } from "../../plans";
import { type Drawn, type Standing, containersOf, cut, graceLeft, noteOf, readyCount, standing, wordsOf } from "../../vocabulary";
import { container, containerWidth, use } from "../marks";
import type { PodBox } from "./layout";
import { pips, pipsWidth, probeText } from "./probe";
import { pullOf } from "./pull";

type Part = SVGTemplateResult | TemplateResult | typeof nothing;

/** A full sentence for those who hear the picture. */
export function labelOf(lab: Lab, box: PodBox): string {
  const shown = standing(box.pod, box.node);
  const note = noteOf(box.pod, shown, lab.words, lab.clock, lab.t);
  const probes = containersOf(box.pod).flatMap((one) => probesNow(lab.state, box.pod, one.spec, one.status, lab.t).map((each) => `${lab.words.say(`probe.${each.kind}Probe`)} ${probeText(lab, each)}`));
  const waits = box.pod.spec.nodeName ? "" : [lab.words.say("queue"), lab.words.say(`queue.place.${waitOf(lab.state, box.pod).place}`), backsOff(lab, box.pod)].filter(Boolean).join(" ");
  return [box.pod.metadata.name, wordsOf(shown, lab.words).replace(" · ", ", "), note, box.node?.metadata.name, waits, ...probes].filter(Boolean).join(", ");
}

/** The Pod’s drawing, without what makes it a button. */
export function drawPod(lab: Lab, box: PodBox): Part {
  const shown = standing(box.pod, box.node);
  if (box.size === "big") return big(lab, box, shown);
  if (box.size === "small") return small(lab, box, shown);
  return svg`<rect class="pod" x=${box.x} y=${box.y} width=${box.w} height=${box.h} rx="6" stroke-dasharray=${dashes(shown.state)}></rect>${use(shown.icon, box.x + 4, box.y + 4, 12)}`;
}

/** What is left of the time that the scheduler leaves a Pod alone. */
function backsOff(lab: Lab, pod: PodBox["pod"]): string {
  const { next } = pod.spec.nodeName ? { next: 0 } : waitOf(lab.state, pod);
  return next > lab.t ? lab.words.say("pod.seconds", { seconds: Math.ceil((next - lab.t) / 1000) }) : "";
}

function small(lab: Lab, { x, y, w, h, pod, node }: PodBox, shown: Standing): Part {
  const word = wordsOf(shown, lab.words, true);
  const note = noteOf(pod, shown, lab.words, lab.clock, lab.t) || backsOff(lab, pod);
  const glyphs = containersOf(pod);
  const left = x + w - 11 - glyphs.reduce((sum, each) => sum + containerWidth(each.kind) + 4, -4);
  const noteAbove = word.length > 12;
  const room = Math.floor((w - 40 - (noteAbove ? note.length * 6 : 0)) / 6.6);
  return svg`${outline(shown.state, x, y, w, h)}${use(shown.icon, x + 10, y + 9, 13)}
    <text x=${x + 28} y=${y + 19.5} class="b" font-size="11.5">${cut(pod.metadata.name, room)}</text>
    <text x=${x + 10} y=${y + 37} class="b cur w" font-size="10.5">${word}</text>
    ${row(glyphs, left, y + 28)}
    ${note ? svg`<text x=${noteAbove ? x + w - 11 : left - 6} y=${noteAbove ? y + 19.5 : y + 37} class="s num" text-anchor="end">${note}</text>` : nothing}
    ${progress(lab, pod, shown, x + 10, y + h - 5.5, w - 20)}${shown.readiness ? gauge(memoryOfPod(lab.state, pod, lab.t), requested(pod.spec.containers), node, x + 10, y + h - 5, w - 20) : nothing}`;
}

/** The bytes of memory that containers request together. */
function requested(containers: PodBox["pod"]["spec"]["containers"]): number {
  return containers.reduce((sum, each) => sum + quantity(each.resources?.requests?.memory), 0);
}

/** Memory in use: dark up to the request, red beyond it, a tick at the request. Half of the node’s memory is the whole width. */
function gauge(used: number | null, request: number, node: PodBox["node"], x: number, y: number, w: number): Part {
  const all = quantity(node?.status?.capacity?.memory) / 2;
  if (used === null || !all) return nothing;
  const at = (bytes: number): number => Math.min(1, bytes / all) * w;
  return svg`<rect class="track" x=${x} y=${y} width=${w} height="3" rx="1.5"></rect><rect class="within" x=${x} y=${y} width=${at(Math.min(used, request))} height="3" rx="1.5"></rect>
    ${used > request ? svg`<rect class="over" x=${x + at(request)} y=${y} width=${at(used) - at(request)} height="3" rx="1.5"></rect>` : nothing}
    ${request ? svg`<rect class="mark" x=${x + at(request) - 0.7} y=${y - 2.5} width="1.4" height="8"></rect>` : nothing}`;
}

function row(glyphs: readonly Drawn[], x: number, y: number): Part[] {
  let at = x;
  return glyphs.map(({ kind, runs }) => {
    const drawn = container(kind, at, y, runs);
    at += containerWidth(kind) + 4;
    return drawn;
  });
}

function big(lab: Lab, { x, y, w, h, pod, node }: PodBox, shown: Standing): Part {
  const note = shown.readiness ? readyCount(pod) : noteOf(pod, shown, lab.words, lab.clock, lab.t);
  const ip = pod.status?.podIP ?? "";
  const room = Math.floor((w - 58 - ip.length * 6.7) / 8);
  return svg`${outline(shown.state, x, y, w, h, true)}${use(shown.icon, x + 13, y + 12, 17)}
    <text x=${x + 38} y=${y + 25} class="b" font-size="14">${cut(pod.metadata.name, room)}</text>
    <text x=${x + 38} y=${y + 41} class="b cur w" font-size="11.5">${wordsOf(shown, lab.words)}</text>
    <text x=${x + w - 13} y=${y + 24} class="m mid" font-size="11" text-anchor="end">${ip}</text>
    <text x=${x + w - 13} y=${y + 40} class="s num" text-anchor="end">${note}</text>
    ${boxes(lab, pod, node, shown, x + 13, y + 52, w - 26, h - 64)}
    ${shown.state === "term" ? progress(lab, pod, shown, x + 13, y + h - 6.5, w - 26) : nothing}`;
}

/** The containers, side by side; init containers that are done leave their room to the others. */
function boxes(lab: Lab, pod: PodBox["pod"], node: PodBox["node"], shown: Standing, x: number, y: number, w: number, h: number): Part[] {
  const all = containersOf(pod);
  const starting = all.some((each) => each.kind === "init" && !each.status?.state?.terminated);
  const drawn = starting ? all : all.filter((each) => each.kind !== "init");
  const each = (w - (drawn.length - 1) * 6) / drawn.length;
  return drawn.map((one, i) => inside(lab, pod, node, shown, one, x + i * (each + 6), y, each, h, drawn.length === 1));
}

function inside(lab: Lab, pod: PodBox["pod"], node: PodBox["node"], shown: Standing, one: Drawn, x: number, y: number, w: number, h: number, alone: boolean): Part {
  const pull = pullOf(lab, pod, one.spec.name);
  const port = one.spec.ports?.[0]?.containerPort;
  const image = `${one.spec.image ?? ""}${port ? ` :${port}` : ""}`;
  const probes = shown.state === "term" ? [] : probesNow(lab.state, pod, one.spec, one.status, lab.t);
  const notes = alone && w > 200 ? (probes.length ? ["", probeNote(lab, probes)] : notesOf(lab, one, pull)) : [];
  const marks = probes.reduce((sum, each) => sum + pipsWidth(each) + 5, 0);
  const room = (w - 50 - marks) / 6.7;
  return svg`<rect class="inner" x=${x} y=${y} width=${w} height=${h} rx="6"></rect>
    ${container(one.kind, x + 10, y + 10, one.runs, 12)}
    <text x=${x + 30} y=${y + 20} class="b" font-size="12">${cut(one.spec.name, Math.floor(notes[0] ? room - notes[0].length : room))}</text>
    <text x=${x + 10} y=${y + 38} class="m low" font-size="10.5">${cut(image, Math.floor((w - 24 - (notes[1] ?? "").length * 6) / 6.4))}</text>
    ${notes.map((text, i) => svg`<text x=${x + w - 10} y=${y + 20 + i * 18} class="s num" text-anchor="end">${text}</text>`)}
    ${probes.map((each, i) => pips(each, x + w - 9 - probes.slice(i).reduce((sum, one) => sum + pipsWidth(one) + 5, -5), y + 9))}
    ${pull && shown.state !== "term" ? bar(x + 10, y + h - 5.5, w - 20, pull.share) : gauge(memoryOf(lab.state, one.status, lab.t), requested([one.spec]), node, x + 10, y + h - 5, w - 20)}`;
}

/** What the probe says that has most to say: one that is counting, else the first. */
function probeNote(lab: Lab, probes: readonly ProbeNow[]): string {
  const counting = probes.find((each) => !each.passing || each.outcome === "Failure") ?? probes[0];
  return counting ? probeText(lab, counting) : "";
}

function notesOf(lab: Lab, one: Drawn, pull: { image: string } | null): string[] {
  const say = lab.words.say.bind(lab.words);
  if (pull) return [say("container.pulling"), ""];
  const state = one.status?.state;
  if (state?.terminated) return [say("pod.exit", { code: state.terminated.exitCode }), state.terminated.reason ?? ""];
  if (!state?.running) return [say("container.waits"), state?.waiting?.reason ?? ""];
  return [say("container.noprobe"), say("container.readyatonce")];
}

/** The bar of what is under way: the pull, or the grace that is left. */
function progress(lab: Lab, pod: PodBox["pod"], shown: Standing, x: number, y: number, w: number): Part {
  if (shown.state === "term") return bar(x, y, w, graceLeft(pod, lab.clock, lab.t));
  const pull = shown.state === "creating" ? pullOf(lab, pod) : null;
  return pull ? bar(x, y, w, pull.share) : nothing;
}

function bar(x: number, y: number, w: number, share: number): Part {
  return svg`<rect x=${x} y=${y} width=${w} height="2.5" rx="1.2" class="tint"></rect><rect x=${x} y=${y} width=${w * share} height="2.5" rx="1.2" fill="currentColor"></rect>`;
}

const DASHES: Partial<Record<Standing["state"], string>> = { pending: "4 4", creating: "9 4", term: ".1 4.4" };

function dashes(state: Standing["state"], large = false): string {
  return state === "notready" ? (large ? "16 3" : "12 3") : (DASHES[state] ?? "none");
}

/** Solid, dashed, doubled, cut corner or dotted: the outline is the state’s third sign. */
function outline(state: Standing["state"], x: number, y: number, w: number, h: number, large = false): Part {
  const thick = state === "term" ? 2 : large ? 1.5 : state === "notready" || state === "pending" || state === "creating" ? 1.4 : 1.2;
  if (state === "done" || state === "failed") {
    const path = `M${x + 7} ${y}H${x + w - 11}L${x + w} ${y + 11}V${y + h - 7}a7 7 0 0 1-7 7H${x + 7}a7 7 0 0 1-7-7V${y + 7}a7 7 0 0 1 7-7z`;
    return svg`<path class="pod" d=${path} stroke-width=${thick}></path><path d="M${x + w - 11} ${y}V${y + 11}H${x + w}" fill="none" stroke="currentColor" stroke-width="1.2"></path>`;
  }
  const double = state === "crash" ? svg`<rect x=${x + 3.5} y=${y + 3.5} width=${w - 7} height=${h - 7} rx="6" fill="none" stroke="currentColor"></rect>` : nothing;
  return svg`<rect class="pod" x=${x} y=${y} width=${w} height=${h} rx=${large ? 12 : 9} stroke-width=${thick} stroke-dasharray=${dashes(state, large)} stroke-linecap=${state === "term" ? "round" : "butt"}></rect>${double}`;
}

/** Changes whenever time alone makes the Pod look different; 0 where it does not. */
export function beat(lab: Lab, { pod, node, size }: PodBox): number {
  const { state } = standing(pod, node);
  if (state === "term" || state === "creating") return size === "mark" ? 0 : Math.floor(lab.t / 100) + 1;
  const waits = state === "crash" || lab.seenOf(pod).some((each) => (each.kind === "memory" ? each.holds.some((held) => held.period) : "next" in each && each.next));
  return waits ? Math.floor(lab.t / 1000) + 1 : 0;
}
