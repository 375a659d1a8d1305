/** Where everything of the cluster picture stands, for a width. Pure: state in, boxes out; one unit is one CSS pixel. */
import type { Node, Pod, Service } from "../../kube";
import { isControlPlane, isSystem, nodesOf, podsOf, podsOn } from "../../objects";
import { PLACES, type Place, waitOf } from "../../plans";
import { servicesOf } from "../../services";
import type { State } from "../../state";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type Size = "big" | "small" | "mark";

export interface PodBox extends Box {
  readonly pod: Pod;
  readonly size: Size;
  readonly node: Node | undefined;
}

export interface NodeBox extends Box {
  readonly node: Node;
  readonly control: boolean;
  readonly pods: readonly PodBox[];
  /** The cluster’s own Pods there: drawn as marks with a short name. */
  readonly system: readonly Pod[];
}

export interface ServiceBox extends Box {
  readonly service: Service;
}

/** The words over the Pods that wait in one place of the queue. */
export interface QueueHead {
  readonly place: Place;
  readonly count: number;
  readonly y: number;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly NodeBox[];
  readonly services: readonly ServiceBox[];
  /** Services that found no place. */
  readonly more: number;
  /** The height at which lines run from Services to nodes. */
  readonly lane: number;
  readonly queue: Box & { readonly pods: readonly PodBox[]; readonly heads: readonly QueueHead[] };
  /** Where the sentence stands that a cluster without Pods shows. */
  readonly note: Box;
}

export const NARROW = 560;
/** More own Pods than this on a node are drawn as marks only. */
export const MARKS_FROM = 12;
const EDGE = 14;
const GAP = 16;
const HEAD = 44;
const FOOT = 26;
const BIG = 112;
const SMALL = 48;
const MARK = 20;
/** One Service shows its address too; of several each is a line lower. */
const PILL = 60;
const LOW_PILL = 34;
const PILL_WIDTH = 168;
const MOST_PILLS = 5;
/** A queue higher than this has a column of its own, with the nodes beside it: they stay in sight however many Pods wait. */
const LONG_QUEUE = 150;
/** Nodes beside such a queue are not made narrower than this. */
const NODE_WIDTH = 240;
/** More waiting Pods than this are drawn as marks only. */
const QUEUE_MARKS_FROM = 24;
/** Waiting Pods stand in two columns where each has this width. */
const WAITING_WIDTH = 150;

/** The Pods that wait, by their place in the queue. */
type Waiting = readonly (readonly Pod[])[];

interface Plan {
  readonly node: Node;
  readonly own: readonly Pod[];
  readonly system: readonly Pod[];
}

/** The whole picture. `selected` (a uid) is drawn large wherever there is room; nodes grow into the `height` that is there. */
export function layout(state: State, width: number, height: number, selected: string | null): Picture {
  const pods = podsOf(state);
  const plans = nodesOf(state).map((node) => planOf(node, podsOn(state, node.metadata.name)));
  const services = servicesOf(state);
  const waiting = PLACES.map((where) => pods.filter((each) => !each.spec.nodeName && waitOf(state, each).place === where));
  const control = plans.filter((each) => isControlPlane(each.node));
  const workers = plans.filter((each) => !isControlPlane(each.node));
  return width < NARROW ? narrow(control, workers, waiting, services, width, selected) : wide(control, workers, waiting, services, width, height, selected);
}

function planOf(node: Node, here: readonly Pod[]): Plan {
  return { node, own: here.filter((each) => !isSystem(each)), system: here.filter(isSystem) };
}

function wide(control: Plan[], workers: Plan[], waiting: Waiting, services: readonly Service[], width: number, height: number, selected: string | null): Picture {
  const side = Math.min(280, Math.max(216, width * 0.31));
  const top = control.map((each, i) => controlBox(each, EDGE, 10 + i * 92, side, selected));
  const queue = queueBox(waiting, width - EDGE - side, 10, side);
  const edge = EDGE + side + GAP;
  const between = width - 2 * edge >= PILL_WIDTH;
  const long = queue.h > LONG_QUEUE;
  const beside = Math.max(90, ...top.map((each) => each.y + each.h), long ? 0 : queue.y + queue.h);
  const pills = between ? pillBoxes(services, edge, 10, width - 2 * edge) : pillBoxes(services, EDGE, beside + 10, (long ? queue.x - GAP : width - EDGE) - EDGE);
  const y = Math.max(beside, bottom(pills, 0) + (pills.length ? 4 : 0)) + GAP;
  const room = long ? queue.x - GAP + EDGE : width;
  const most = Math.min(width >= 1000 ? 3 : 2, long ? Math.floor((room - 2 * EDGE + GAP) / (NODE_WIDTH + GAP)) : 3);
  const columns = Math.max(1, Math.min(workers.length, most));
  const rows = stretched(rowsOf(workers, columns, y, room, selected), columns, height - EDGE - y);
  const note = { x: EDGE + side, y: 10, w: width - 2 * (EDGE + side), h: 80 };
  return { width, height: bottom([...rows, queue], y) + EDGE, nodes: [...top, ...rows], services: pills, more: services.length - pills.length, lane: y - 9, queue, note };
}

function narrow(control: Plan[], workers: Plan[], waiting: Waiting, services: readonly Service[], width: number, selected: string | null): Picture {
  const waits = waiting.some((each) => each.length > 0);
  const note = { x: EDGE, y: 8, w: width - 2 * EDGE, h: waits || ownCount(control, workers) ? 0 : 72 };
  const queued = waits ? queueBox(waiting, EDGE, note.y + note.h + 4, width - 2 * EDGE) : null;
  const pills = pillBoxes(services, EDGE, queued ? queued.y + queued.h + 10 : note.y + note.h + 2, width - 2 * EDGE);
  const top = pills.length ? bottom(pills, 0) + GAP + 4 : queued ? queued.y + queued.h + 12 : note.y + note.h + 4;
  const rows = rowsOf(workers, 1, top, width, selected);
  const y = bottom(rows, 0) + 12;
  const last = control.map((each, i) => controlBox(each, EDGE, y + i * 92, width - 2 * EDGE, selected));
  const end = bottom(last, y) + 12;
  const queue = queued ?? queueBox([], EDGE, end, width - 2 * EDGE);
  return { width, height: (queued ? end - 12 : queue.y + queue.h) + EDGE, nodes: [...rows, ...last], services: pills, more: services.length - pills.length, lane: top - 9, queue, note };
}

/** Services side by side where there is room, one under the other where there is not. */
function pillBoxes(services: readonly Service[], x: number, y: number, w: number): ServiceBox[] {
  const columns = Math.max(1, Math.min(services.length, Math.floor((w + 10) / (PILL_WIDTH + 10))));
  const shown = services.slice(0, Math.max(MOST_PILLS, columns));
  const wide = Math.min(shown.length > columns ? w : 240, (w - (columns - 1) * 10) / columns);
  const left = x + (w - columns * wide - (columns - 1) * 10) / 2;
  const h = shown.length <= columns ? PILL : LOW_PILL;
  return shown.map((service, i) => ({ service, x: left + (i % columns) * (wide + 10), y: y + Math.floor(i / columns) * (h + 6), w: wide, h }));
}

function ownCount(...plans: Plan[][]): number {
  return plans.flat().reduce((sum, each) => sum + each.own.length, 0);
}

function bottom(boxes: readonly Box[], least: number): number {
  return Math.max(least, ...boxes.map((each) => each.y + each.h));
}

/** Nodes in rows; all of a row are as high as its highest. */
function rowsOf(plans: Plan[], columns: number, top: number, width: number, selected: string | null): NodeBox[] {
  const w = (width - 2 * EDGE - (columns - 1) * GAP) / columns;
  const boxes: NodeBox[] = [];
  for (let first = 0; first < plans.length; first += columns) {
    const y = first === 0 ? top : bottom(boxes, top) + GAP;
    const row = plans.slice(first, first + columns).map((plan, i) => workerBox(plan, EDGE + i * (w + GAP), y, w, selected));
    const h = Math.max(...row.map((each) => each.h));
    boxes.push(...row.map((each) => ({ ...each, h })));
  }
  return boxes;
}

/** One row of nodes uses the height that is there, up to what two large Pods need. */
function stretched(boxes: NodeBox[], columns: number, room: number): NodeBox[] {
  return boxes.length > columns ? boxes : boxes.map((each) => ({ ...each, h: Math.max(each.h, Math.min(room, HEAD + 2 * (BIG + 8) + FOOT + 8)) }));
}

function workerBox(plan: Plan, x: number, y: number, w: number, selected: string | null): NodeBox {
  const pods = placed(plan, x + 12, y + HEAD, w - 24, selected);
  const h = Math.max(bottom(pods, y + HEAD + SMALL) - y, 0) + FOOT + 8;
  return { x, y, w, h, node: plan.node, control: false, pods, system: plan.system };
}

function controlBox(plan: Plan, x: number, y: number, w: number, selected: string | null): NodeBox {
  const pods = placed(plan, x + 8, y + 82, w - 16, selected, false);
  const h = pods.length > 0 ? bottom(pods, y) - y + 10 : 80;
  return { x, y, w, h, node: plan.node, control: true, pods, system: plan.system };
}

/** A node’s own Pods: large ones first, then two columns of small ones; marks only where there are many. */
function placed(plan: Plan, x: number, y: number, w: number, selected: string | null, mayBeBig = true): PodBox[] {
  if (plan.own.length > MARKS_FROM) return marks(plan.own, plan.node, x, y, w);
  const large = (pod: Pod): boolean => mayBeBig && (plan.own.length <= 2 || pod.metadata.uid === selected);
  const big = plan.own.filter(large);
  const small = plan.own.filter((each) => !large(each));
  const below = y + big.length * (BIG + 8);
  const half = (w - 8) / 2;
  return [
    ...big.map((pod, i) => ({ x, y: y + i * (BIG + 8), w, h: BIG, pod, size: "big" as const, node: plan.node })),
    ...small.map((pod, i) => ({ x: x + (i % 2) * (half + 8), y: below + Math.floor(i / 2) * (SMALL + 4), w: half, h: SMALL, pod, size: "small" as const, node: plan.node })),
  ];
}

function marks(pods: readonly Pod[], node: Node | undefined, x: number, y: number, w: number): PodBox[] {
  const columns = Math.max(1, Math.floor(w / (MARK + 6)));
  return pods.map((pod, i) => ({
    x: x + (i % columns) * (MARK + 6),
    y: y + Math.floor(i / columns) * (MARK + 6),
    w: MARK,
    h: MARK,
    pod,
    size: "mark" as const,
    node,
  }));
}

function queueBox(waiting: Waiting, x: number, y: number, w: number): Picture["queue"] {
  const heads: QueueHead[] = [];
  const shown: PodBox[] = [];
  const many = waiting.flat().length > QUEUE_MARKS_FROM;
  let at = y + 24;
  for (const [i, pods] of waiting.entries()) {
    if (!pods.length) continue;
    heads.push({ place: PLACES[i] ?? "nobody", count: pods.length, y: at + 11 });
    const boxes = many ? marks(pods, undefined, x + 8, at + 19, w - 16) : waits(pods, x + 8, at + 19, w - 16);
    shown.push(...boxes);
    at = bottom(boxes, at) + 4;
  }
  return { x, y, w, h: Math.max(80, bottom(shown, y) - y + 7), pods: shown, heads };
}

/** Waiting Pods in one column, in two where there is room. */
function waits(pods: readonly Pod[], x: number, y: number, w: number): PodBox[] {
  const columns = w >= 2 * WAITING_WIDTH ? 2 : 1;
  const each = (w - (columns - 1) * 8) / columns;
  return pods.map((pod, i) => ({ x: x + (i % columns) * (each + 8), y: y + Math.floor(i / columns) * (SMALL + 4), w: each, h: SMALL, pod, size: "small" as const, node: undefined }));
}
