import { render } from "lit";
import { expect, it, vi } from "vitest";
import type { Pod } from "../../kube";
import { drawn, played, textOf } from "../../testing";
import type { Explanation, Question } from "../../wire";
import { points } from "./points";
import { victims } from "./victims";
import { waiting } from "./waiting";

const PLACED: Explanation = {
  kind: "explain",
  node: "node-1",
  number: 1,
  woken: "created",
  weights: { TaintToleration: 3, NodeResourcesFit: 1 },
  rows: [
    { node: "control-plane", refusals: [["TaintToleration", ["node(s) had untolerated taint(s)"]]] },
    { node: "node-2", scores: { TaintToleration: [0, 300], NodeResourcesFit: [60, 60] }, total: 360 },
    { node: "node-1", scores: { TaintToleration: [0, 300], NodeResourcesFit: [75, 75] }, total: 375 },
  ],
};

function shown(template: ReturnType<typeof waiting>): HTMLElement {
  const into = document.createElement("div");
  render(template, into);
  return into;
}

it("shows the points of every node, the chosen one first, the plugins in which they differ above, and who refused", () => {
  const into = shown(points(played(45_000), "node-1", PLACED));
  expect([...into.querySelectorAll("thead th")].map(textOf)).toEqual(["Plugin", "node-1", "node-2"]);
  expect([...into.querySelectorAll("tbody tr")].map(textOf)).toEqual(["NodeResourcesFit7560", "TaintToleration100 × 3100 × 3"]);
  expect([...into.querySelectorAll("tfoot td")].map(textOf)).toEqual(["375", "360"]);
  expect(textOf(into.querySelector(".said"))).toBe("node-1 has the greatest sum, 15 more than node-2.");
  expect(textOf(into.querySelector(".reasons"))).toBe("control-plane node(s) had untolerated taint(s)");
});

it.each([
  [{ kind: "explain" }, "The scheduler was not asked: the Pod named its node itself."],
  [{ kind: "explain", number: 1, rows: [{ node: "node-1" }] }, "node-1 was the only node that took it: no points were given."],
  [{ kind: "explain", number: 1, rows: [{ node: "node-1", scores: {}, total: 9 }, { node: "node-2", scores: {}, total: 9 }] }, "node-1, node-2 have the same sum: node-1 was drawn."],
] as [Explanation, string][])("says so where there was nothing to choose, or nothing to tell them apart", (answer, expected) => {
  expect(textOf(shown(points(played(45_000), "node-1", answer)))).toContain(expected);
});

it("tells of a waiting Pod node by node what refuses it, with the line that would change it", () => {
  const pod = { kind: "Pod", metadata: { name: "web", uid: "u" }, spec: { containers: [] } } as unknown as Pod;
  const into = shown(
    waiting(played(45_000), pod, {
      kind: "explain",
      place: "unschedulable",
      number: 2,
      woken: "Node/UpdateNodeTaint node-1",
      rows: [
        { node: "node-1", refusals: [["NodeUnschedulable", ["node(s) were unschedulable"]]], remedies: [{ code: "cordoned", command: "kubectl uncordon node-1" }] },
        { node: "node-2", refusals: [["InterPodAffinity", ["node(s) didn't match pod affinity rules"]]], remedies: [{ code: "reason" }] },
        { node: "node-3" },
      ],
    }),
  );
  expect([...into.querySelectorAll(".fits p")].map(textOf)).toEqual(["Nothing here refuses it.", "The node is cordoned. NodeUnschedulable", "node(s) didn't match pod affinity rules InterPodAffinity"]);
  expect([...into.querySelectorAll<HTMLElement>("[data-run]")].map((each) => each.dataset.run)).toEqual(["kubectl uncordon node-1"]);
  expect(textOf(into.querySelector("h3"))).toBe("In the scheduling queueAttempt 2");
});

it("tells whose place could be taken, the chosen node first, and what decided against the others", () => {
  const candidates = [
    { node: "node-1", victims: ["default/a", "shop/b"], highest: 500, lost: "highest" },
    { node: "node-2", victims: ["default/c"], violations: 1 },
  ];
  const into = document.createElement("div");
  render(victims(played(45_000), { kind: "explain", place: "unschedulable", candidates }), into);
  expect([...into.querySelectorAll("li")].map(textOf)).toEqual([
    "node-2 chosen c highest priority 0 budgets broken: 1",
    "node-1 a more important Pod would go a, shop/b highest priority 500",
  ]);
});

it("tells of nodes that the same facts refuse once", () => {
  const pod = { kind: "Pod", metadata: { name: "web", uid: "u" }, spec: { containers: [] } } as unknown as Pod;
  const refused = { refusals: [["VolumeBinding", ["gone"]]] as [string, string[]][], remedies: [{ code: "claim", args: { claim: "data", namespace: "shop" } }] };
  const rows = ["node-1", "node-2"].map((node) => ({ node, ...refused }));
  const into = shown(waiting(played(45_000), pod, { kind: "explain", place: "unschedulable", number: 1, rows }));
  expect([...into.querySelectorAll(".fits li")].map(textOf)).toEqual(["node-1, node-2Its claim data does not exist in the namespace shop. VolumeBinding"]);
});

it.each([
  [{ place: "gated" }, { schedulingGates: [{ name: "a" }] }, "It is not tried before its gates are removed: a", `kubectl patch pod web -n shop --type=json -p '[{"op":"remove","path":"/spec/schedulingGates"}]'`],
  [{}, { schedulerName: "mine" }, "It asks for the scheduler mine, and none of that name runs here: nobody tries it.", undefined],
])("tells of a Pod that nobody tries why, and the line that would change it: %o", (answer, spec, said, line) => {
  const pod = { kind: "Pod", metadata: { name: "web", namespace: "shop", uid: "u" }, spec: { containers: [], ...spec } } as unknown as Pod;
  const into = shown(waiting(played(45_000), pod, { kind: "explain", ...answer }));
  expect(textOf(into.querySelector(".said"))).toContain(said);
  expect(into.querySelector<HTMLElement>("[data-run]")?.dataset.run).toBe(line);
});

it("asks of a placed Pod only when the learner opens it, and once", async () => {
  const lab = played(45_000);
  const asked: Question[] = [];
  lab.socket.ask = (question) => {
    asked.push(question);
    return Promise.resolve(PLACED);
  };
  const { PodScheduling } = await import("./scheduling");
  const element = await drawn(class extends PodScheduling {});
  expect(asked).toEqual([]);
  const details = element.querySelector("details");
  if (details) details.open = true;
  details?.dispatchEvent(new Event("toggle"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  lab.tell("change");
  await element.updateComplete;
  expect(asked).toEqual([{ kind: "explain", namespace: "default", name: "my-nginx-pod" }]);
  expect(element.querySelectorAll("tbody tr")).toHaveLength(2);
});

it("says something else as soon as the Pod that waited has its node", async () => {
  const lab = played(45_000);
  const uid = lab.selected ?? "";
  let pending = 0;
  const placed = (t: number): boolean => Boolean((lab.store.at(t).objects.get(uid) as Pod | undefined)?.spec.nodeName);
  while (!lab.store.at(pending).objects.has(uid)) pending += 1;
  lab.socket.ask = () => Promise.resolve({ kind: "explain", place: "active", number: 0 } as Explanation);
  lab.view = pending;
  expect(placed(pending)).toBe(false);
  const { PodScheduling } = await import("./scheduling");
  const element = await drawn(class extends PodScheduling {});
  await new Promise((resolve) => setTimeout(resolve, 5));
  await element.updateComplete;
  expect(element.querySelector("details")).toBeNull();
  while (!placed(pending)) pending += 1;
  lab.view = pending;
  lab.tell("change");
  await element.updateComplete;
  expect(textOf(element.querySelector("summary"))).toContain("node-1");
});

it("asks again where the answer is from before the scheduler had the Pod", async () => {
  vi.useFakeTimers();
  const lab = played(45_000);
  const uid = lab.selected ?? "";
  let pending = 0;
  while (!lab.store.at(pending).objects.has(uid)) pending += 1;
  lab.view = pending;
  let asked = 0;
  lab.socket.ask = () => Promise.resolve({ kind: "explain", ...(++asked < 3 ? {} : { place: "unschedulable", number: 1, rows: [{ node: "node-1" }] }) } as Explanation);
  const { PodScheduling } = await import("./scheduling");
  const element = await drawn(class extends PodScheduling {});
  await vi.advanceTimersByTimeAsync(5000);
  await element.updateComplete;
  expect(asked).toBe(3);
  expect(textOf(element)).toContain("node-1");
  vi.useRealTimers();
});

it("folds what is the same of many nodes but for their names, and shows of many lines the first", () => {
  const pod = { kind: "Pod", metadata: { name: "web", uid: "u" }, spec: { containers: [] } } as unknown as Pod;
  const lacks = (node: string): object => ({ node, refusals: [["NodeAffinity", ["no"]]], remedies: [{ code: "label", args: { label: "disk=ssd" }, command: `kubectl label node ${node} disk=ssd` }] });
  const full = (node: string, free: string): object => ({ node, refusals: [["NodeResourcesFit", ["no"]]], remedies: [{ code: "resource", args: { resource: "cpu", asked: "2", unit: "", free, all: "2" } }] });
  const rows = [...["n1", "n2", "n10", "n3"].map(lacks), ...["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6"].map((free, i) => full(`x${i}`, free))];
  const into = shown(waiting(played(45_000), pod, { kind: "explain", place: "unschedulable", number: 1, rows } as Explanation));
  const first = into.querySelector(".fits li");
  expect(textOf(first?.querySelector("b") ?? null)).toBe("n1, n2, n3, n10");
  expect([...(first?.querySelectorAll("p") ?? [])].map(textOf)).toEqual(["It asks for disk=ssd, which the node does not have. NodeAffinity"]);
  expect([...(first?.querySelectorAll<HTMLElement>(":scope > [data-run]") ?? [])].map((each) => each.dataset.run)).toEqual(["kubectl label node n1 disk=ssd", "kubectl label node n2 disk=ssd"]);
  expect([...into.querySelectorAll(".more > summary")].map(textOf)).toEqual(["2 more like this", "2 more nodes"]);
});
