import { describe, expect, it } from "vitest";
import type { Obj } from "../../kube";
import type { Seen, State } from "../../state";
import { type Box, type Picture, layout } from "./layout";

const node = (name: string, control = false): Obj => ({ kind: "Node", metadata: { name, uid: name, labels: control ? { "node-role.kubernetes.io/control-plane": "" } : {} } });
const pod = (name: string, nodeName?: string): Obj => ({ kind: "Pod", metadata: { name, uid: name, namespace: "default" }, spec: { nodeName, containers: [{ name: "c" }] } }) as unknown as Obj;

function picture(width: number, ...objects: Obj[]): Picture {
  const all = [node("control-plane", true), node("node-1"), node("node-2"), ...objects];
  const state: State = { t: 0, objects: new Map(all.map((each) => [each.metadata.uid, each])), screens: new Map(), seen: new Map(), goals: new Map() };
  return layout(state, width, 400, null);
}

const many = (count: number): Obj[] => Array.from({ length: count }, (_, i) => pod(`p${i}`, "node-1"));
const inside = (inner: Box, outer: Box): boolean => inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w && inner.y + inner.h <= outer.y + outer.h;
const apart = (a: Box, b: Box): boolean => a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;

const waiting = (count: number): Obj[] => Array.from({ length: count }, (_, i) => pod(`w${i}`));

describe.each([390, 760, 1100, 1700])("the picture at %i px", (width) => {
  it.each([
    [0, 2],
    [1, 2],
    [2, 9],
    [7, 24],
    [13, 25],
    [110, 120],
  ])("keeps %i Pods inside their node, %i in the queue, and all apart from each other", (count, queued) => {
    const shown = picture(width, ...many(count), ...waiting(queued));
    const boxes = [...shown.nodes, shown.queue];
    for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) expect(apart(a, b)).toBe(true);
    for (const box of boxes) {
      expect(inside(box, { x: 0, y: 0, w: shown.width, h: shown.height })).toBe(true);
      for (const [i, a] of box.pods.entries()) {
        expect(inside(a, box)).toBe(true);
        for (const b of box.pods.slice(i + 1)) expect(apart(a, b)).toBe(true);
      }
    }
  });
});

it("draws one or two Pods of a node large, more small, more than twelve as marks", () => {
  const sizes = (count: number): string[] => [...new Set(picture(760, ...many(count)).nodes.flatMap((each) => each.pods.map((box) => box.size)))];
  expect([sizes(2), sizes(5), sizes(13)]).toEqual([["big"], ["small"], ["mark"]]);
});

it("keeps a Pod without a node in the queue", () => {
  expect(picture(760, pod("waits")).queue.pods.map((each) => each.pod.metadata.name)).toEqual(["waits"]);
});

describe("the queue", () => {
  const waits = (name: string, more: object = {}): Obj => ({ ...pod(name), spec: { containers: [{ name: "c" }], ...more } }) as unknown as Obj;
  const seen = (uid: string, place: string, next = 0): [string, Seen] => [`queue ${uid}`, { kind: "queue", t: 0, n: 0, uid, place, next }];

  it("has its Pods under the place in which each waits", () => {
    const all = [node("node-1"), waits("refused"), waits("new"), waits("held", { schedulingGates: [{ name: "g" }] }), waits("fails"), waits("mine", { schedulerName: "mine" })];
    const state: State = {
      t: 0,
      objects: new Map(all.map((each) => [each.metadata.uid, each])),
      screens: new Map(),
      seen: new Map([seen("refused", "unschedulable"), seen("fails", "backoff", 4000)]),
      goals: new Map(),
    };
    const { queue } = layout(state, 760, 400, null);
    expect(queue.heads.map((each) => each.place)).toEqual(["active", "backoff", "unschedulable", "gated", "nobody"]);
    expect(queue.pods.map((each) => each.pod.metadata.name)).toEqual(["new", "fails", "refused", "held", "mine"]);
    expect(queue.heads.every((head, i) => head.y < (queue.pods[i]?.y ?? 0))).toBe(true);
  });
});

it("keeps the nodes in sight beside a long queue, and shows a very long one as marks", () => {
  const top = (count: number): number => Math.min(...picture(1100, ...waiting(count)).nodes.filter((each) => !each.control).map((each) => each.y));
  expect(top(12)).toBe(top(0));
  const sizes = (count: number): string[] => [...new Set(picture(1100, ...waiting(count)).queue.pods.map((each) => each.size))];
  expect([sizes(24), sizes(25)]).toEqual([["small"], ["mark"]]);
});
