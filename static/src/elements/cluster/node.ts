/** A node of the picture: its name, what its Pods request of it, and the cluster’s own Pods there. */
import { type SVGTemplateResult, nothing, svg } from "lit";
import { type Node, type Pod, type Taint, condition, quantity } from "../../kube";
import type { Lab } from "../../lab";
import { podsOn } from "../../objects";
import { gaugeOf } from "../../memory";
import { cut, standing } from "../../vocabulary";
import { container, use } from "../marks";
import type { Box, NodeBox } from "./layout";

const MIB = 2 ** 20;

export interface Room {
  readonly requested: number;
  readonly allocatable: number;
}

/** What the Pods of a node request of a resource, and what there is; finished Pods hold nothing. */
export function roomOf(node: Node, pods: readonly Pod[], resource: "cpu" | "memory"): Room {
  const here = pods.filter((each) => each.spec.nodeName === node.metadata.name && !/^(Succeeded|Failed)$/.test(each.status?.phase ?? ""));
  const requested = here.flatMap((each) => each.spec.containers).reduce((sum, each) => sum + quantity(each.resources?.requests?.[resource]), 0);
  return { requested, allocatable: quantity(node.status?.allocatable?.[resource]) };
}

/** `832 of 1948 Mi`, `0.75 of 2`. */
export function roomText(lab: Lab, room: Room, resource: "cpu" | "memory"): string {
  const shown = (value: number): string => (resource === "cpu" ? String(Math.round(value * 100) / 100) : String(Math.round(value / MIB)));
  return lab.words.say(resource === "cpu" ? "node.of" : "node.of.mi", { used: shown(room.requested), all: shown(room.allocatable) });
}

/** The node’s own mark: ready, not ready, or not heard. */
export function nodeState(node: Node): { icon: "ready" | "notready" | "unknown"; state: "ready" | "notready" } {
  const status = condition(node, "Ready")?.status;
  if (status === "Unknown") return { icon: "unknown", state: "notready" };
  return status === "True" ? { icon: "ready", state: "ready" } : { icon: "notready", state: "notready" };
}

/** What a node is short of, by its conditions’ names: `MemoryPressure` … */
export function pressures(node: Node): string[] {
  return (node.status?.conditions ?? []).filter((each) => each.type.endsWith("Pressure") && each.status === "True").map((each) => each.type);
}

/** What keeps new Pods away: kubectl’s word for a cordon, and the taints that somebody put there (those of the node’s state show as such). */
export function closures(node: Node): string[] {
  const taints = (node.spec?.taints ?? []).filter((each) => !/^node\.kubernetes\.io\/(?!out-of-service)/.test(each.key));
  return [...(node.spec?.unschedulable ? ["SchedulingDisabled"] : []), ...taints.map(taintText)];
}

/** `dedicated=gpu:NoSchedule`. */
export function taintText({ key, value, effect }: Taint): string {
  return `${key}${value ? `=${value}` : ""}:${effect}`;
}

/** The frame of a node and all that is not a learner’s Pod in it. `press` selects. */
export function drawNode(lab: Lab, box: NodeBox, press: (uid: string) => void): SVGTemplateResult {
  const { icon, state } = nodeState(box.node);
  const name = box.node.metadata.name;
  const size = box.control ? 12.5 : 13;
  const selected = lab.selected === box.node.metadata.uid;
  return svg`<rect class="node" x=${box.x} y=${box.y} width=${box.w} height=${box.h} rx="14"></rect>
    ${selected ? svg`<rect class="sel" x=${box.x - 2} y=${box.y - 2} width=${box.w + 4} height=${box.h + 4} rx="16"></rect>` : nothing}
    <g aria-hidden="true"><g class="st-${state}">${use(icon, box.x + 14, box.y + (box.control ? 12 : 14), 12)}</g>
      <text x=${box.x + 32} y=${box.y + (box.control ? 22.5 : 24.5)} class="b" font-size=${size}>${cut(name, box.control ? 20 : 14)}</text></g>
    ${hit({ x: box.x + 6, y: box.y + 5, w: Math.max(84, 40 + name.length * 7), h: 26 }, box.node.metadata.uid, nodeLabel(lab, box.node), selected, press)}
    ${box.control ? controlPods(lab, box, press) : [meters(lab, box), foot(lab, box, press), signs(box)]}`;
}

function nodeLabel(lab: Lab, node: Node): string {
  const words = { ready: "node.ready", notready: "node.notready", unknown: "node.lost" }[nodeState(node).icon];
  return [node.metadata.name, lab.words.say(words), ...pressures(node), ...closures(node)].join(", ");
}

/** In its corner: what a node is short of, and what keeps new Pods away; where that is too long its first, and how many more. */
function signs(box: NodeBox): SVGTemplateResult | typeof nothing {
  const short = pressures(box.node);
  const all = [...short, ...closures(box.node)];
  if (!all[0]) return nothing;
  const room = Math.floor((box.w - 50 - footWidth(box)) / 5.9);
  const whole = all.join(" · ");
  const more = all.length > 1 ? ` +${all.length - 1}` : "";
  const words = whole.length <= room ? whole : cut(all[0], room - more.length) + more;
  const y = box.y + box.h - 24;
  return svg`<g class=${short.length ? "st-notready" : "shut"} aria-hidden="true">${use(short.length ? "press" : "shut", box.x + box.w - 26, y, 12)}
    <text x=${box.x + box.w - 32} y=${y + 10.5} class="s cur b" text-anchor="end">${words}</text></g>`;
}

function meters(lab: Lab, box: NodeBox): SVGTemplateResult[] {
  const pods = podsOn(lab.state, box.node.metadata.name);
  const left = Math.max(100, 44 + box.node.metadata.name.length * 7.4);
  const w = (box.w - left - 16 - 14) / 2;
  return (["cpu", "memory"] as const).map((resource, i) => {
    const room = roomOf(box.node, pods, resource);
    const x = box.x + left + i * (w + 16);
    const share = room.allocatable > 0 ? Math.min(1, room.requested / room.allocatable) : 0;
    return svg`<text x=${x} y=${box.y + 17} class="s">${lab.words.say(`node.${resource}`)}</text>
      <text x=${x + w} y=${box.y + 17} class="s num" text-anchor="end">${roomText(lab, room, resource)}</text>
      <rect class="track" x=${x} y=${box.y + 22} width=${w} height="9" rx="2"></rect>
      ${share > 0 ? svg`<rect class="req" x=${x + 0.5} y=${box.y + 22.5} width=${w * share} height="8" rx="2"></rect>` : nothing}
      ${resource === "memory" ? usedBar(lab, box.node, x, box.y + 25, w) : nothing}`;
  });
}

/** What is used of the node’s memory, and the mark of the threshold below which the kubelet evicts (capacity less allocatable). */
function usedBar(lab: Lab, node: Node, x: number, y: number, w: number): SVGTemplateResult | typeof nothing {
  const all = quantity(node.status?.allocatable?.memory);
  const { used } = gaugeOf(lab.state, node, lab.t);
  if (!used || !all) return nothing;
  const over = used > all;
  return svg`<rect class=${over ? "over" : "within"} x=${x + 1} y=${y} width=${Math.min(1, used / all) * (w - 2)} height="3" rx="1.5"></rect>${over ? svg`<rect class="over" x=${x + w - 2} y=${y - 5} width="2" height="13"></rect>` : nothing}`;
}

function systemName(pod: Pod): string {
  return cut(pod.metadata.name.replace(/-[a-z0-9]{5}$/, ""), 20);
}

function footWidth(box: NodeBox): number {
  return box.system.reduce((sum, pod) => sum + 34 + systemName(pod).length * 6.2, 0);
}

function foot(lab: Lab, box: NodeBox, press: (uid: string) => void): SVGTemplateResult[] {
  let x = box.x + 14;
  const y = box.y + box.h - 24;
  return box.system.map((pod) => {
    const name = systemName(pod);
    const at = x;
    x += 34 + name.length * 6.2;
    return systemMark(lab, pod, press, svg`${use(standing(pod, box.node).icon, at, y + 1, 11)}<text x=${at + 16} y=${y + 10.5} class="s">${name}</text>`,
      box, { x: at - 6, y: y - 6, w: 28 + name.length * 6.2, h: 24 });
  });
}

const SHORT: [RegExp, string][] = [
  [/^kube-apiserver/, "api"],
  [/^etcd/, "etcd"],
  [/^kube-scheduler/, "sched"],
  [/^kube-controller-manager/, "ctrl"],
  [/^coredns/, "dns"],
  [/^kube-proxy/, "proxy"],
];

function controlPods(lab: Lab, box: NodeBox, press: (uid: string) => void): (SVGTemplateResult | SVGTemplateResult[])[] {
  const order = (pod: Pod): number => SHORT.findIndex(([name]) => name.test(pod.metadata.name));
  const pods = [...box.system].sort((a, b) => order(a) - order(b));
  const step = (box.w - 16) / Math.max(1, pods.length);
  const marks = pods.map((pod, i) => {
    const x = box.x + 8 + step * (i + 0.5);
    const name = SHORT[order(pod)]?.[1] ?? cut(pod.metadata.name, 6);
    return systemMark(lab, pod, press, svg`<rect x=${x - 9} y=${box.y + 31} width="18" height="14" rx="4.5" class="tint" stroke="currentColor" stroke-width="1.1"></rect>
      ${container("app", x - 3, box.y + 35, true, 6)}<text x=${x} y=${box.y + 57} class="s" text-anchor="middle">${name}</text>`,
      box, { x: x - step / 2, y: box.y + 29, w: step, h: 31 });
  });
  const taint = box.node.spec?.taints?.find((each) => each.key === "node-role.kubernetes.io/control-plane");
  const shut = [taint ? lab.words.say("node.taint", { effect: taint.effect }) : "", box.node.spec?.unschedulable ? "SchedulingDisabled" : ""].filter(Boolean).join(" · ");
  return [marks, svg`<text x=${box.x + 12} y=${box.y + 73} class="s">${shut}</text>`];
}

function systemMark(lab: Lab, pod: Pod, press: (uid: string) => void, drawing: SVGTemplateResult, node: NodeBox, box: Box): SVGTemplateResult {
  const shown = standing(pod, node.node);
  const uid = pod.metadata.uid;
  return svg`<g class="st-${shown.state}" aria-hidden="true">${drawing}</g>${hit(box, uid, `${pod.metadata.name}, ${shown.word}`, lab.selected === uid, press)}`;
}

/** The button over something that is drawn: what is heard and pressed. */
function hit(box: Box, uid: string, label: string, selected: boolean, press: (uid: string) => void): SVGTemplateResult {
  return svg`<rect class="press ${selected ? "chosen" : ""}" role="button" tabindex="-1" data-uid=${uid} aria-pressed=${selected} aria-label=${label}
    x=${box.x} y=${box.y} width=${box.w} height=${box.h} rx="6" @click=${() => press(uid)}></rect>`;
}
