/** The lines from Services to the Pods behind them. Pure: boxes in, paths out. */
import type { Obj, Service } from "../../kube";
import { endpointsOf } from "../../services";
import type { State } from "../../state";
import type { Box, NodeBox, Picture, PodBox } from "./layout";

export interface Wire {
  /** `default/web default/web-1`: Service and Pod, as a request names them. */
  readonly key: string;
  /** The Pod’s. */
  readonly uid: string;
  readonly ready: boolean;
  readonly path: string;
  /** Where the sign of a line stands that carries nothing. */
  readonly sign: Point;
  readonly end: Point;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** More addresses than this behind all Services together are told as numbers, without lines. */
const MOST = 24;
const TURN = 6;

/** The lines of a picture; none where there are too many to follow. */
export function wires(state: State, picture: Picture): Wire[] {
  const places = new Map(picture.nodes.flatMap((node) => node.pods.map((box) => [box.pod.metadata.uid, { node, box }] as const)));
  const made = picture.services.flatMap(({ service, ...from }) =>
    endpointsOf(state, service).flatMap((each) => {
      const to = places.get(each.uid);
      return to ? [wire(from, to.node, to.box, service, each.ready, picture.lane)] : [];
    }),
  );
  return made.length > MOST ? [] : made;
}

function wire(from: Box, node: NodeBox, box: PodBox, service: Service, ready: boolean, lane: number): Wire {
  const points = route(from, node, box, ready ? lane : lane + 4, ready);
  const end = points.at(-1) ?? { x: box.x, y: box.y };
  return { key: `${named(service)} ${named(box.pod)}`, uid: box.pod.metadata.uid, ready, path: rounded(points), sign: { x: (node.x + box.x) / 2 - (node.x > 20 ? 6 : 0), y: end.y }, end };
}

/** Down between Services and nodes, along the left of the node, and into the Pod from the left. */
function route(from: Box, node: NodeBox, box: PodBox, along: number, ready: boolean): Point[] {
  const start = { x: from.x + from.w / 2 + (ready ? -14 : 14), y: from.y + from.h };
  const lane = node.x - (ready ? 9 : 5);
  const middle = box.y + Math.min(box.h / 2, 24);
  const first = box.x - node.x < 20;
  const inside = first ? [] : [{ x: lane, y: box.y - 2 }, { x: box.x - 4, y: box.y - 2 }];
  return [start, { x: start.x, y: along }, { x: lane, y: along }, ...inside, { x: first ? lane : box.x - 4, y: middle }, { x: box.x, y: middle }];
}

function named({ metadata }: Obj): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

/** A line through points with rounded corners. */
function rounded(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${first.x} ${first.y}`;
  for (const [i, point] of rest.entries()) {
    const before = points[i] ?? point;
    const after = rest[i + 1];
    if (!after) path += `L${point.x} ${point.y}`;
    else {
      const a = towards(point, before);
      const b = towards(point, after);
      path += `L${a.x} ${a.y}Q${point.x} ${point.y} ${b.x} ${b.y}`;
    }
  }
  return path;
}

function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(TURN, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
