import { afterEach, expect, it, vi } from "vitest";
import type { Node, Pod } from "../../kube";
import { podsOf } from "../../objects";
import { played } from "../../testing";
import { closures, pressures, roomOf } from "./node";
import { labelOf } from "./pod";
import { pullOf } from "./pull";

afterEach(() => vi.restoreAllMocks());

function mine(lab: ReturnType<typeof played>): Pod {
  const found = podsOf(lab.state).find((each) => each.metadata.name === "my-nginx-pod");
  if (!found) throw new Error("the fixture has no my-nginx-pod at this instant");
  return found;
}

it("says a Pod in one sentence", () => {
  const lab = played(45_000);
  const box = { pod: mine(lab), node: undefined, size: "big" as const, x: 0, y: 0, w: 1, h: 1 };
  expect(labelOf(lab, box)).toBe("my-nginx-pod, Running, ready, 1/1");
});

it("knows how far a pull is, since its end is known", () => {
  const lab = played(45_000);
  const at = (reason: string): number => lab.store.history.find((each) => each.kind === "object" && (each.object as { reason?: string } | undefined)?.reason === reason)?.t ?? NaN;
  lab.lookAt((at("Pulling") + at("Pulled")) / 2);
  expect(pullOf(lab, mine(lab), "my-nginx-container")).toMatchObject({ image: "nginx:latest" });
  expect(pullOf(lab, mine(lab))?.share).toBeCloseTo(0.5);
  lab.lookAt(null);
  expect(pullOf(lab, mine(lab))).toBeNull();
});

it("adds up what is requested of a node; finished Pods hold nothing", () => {
  const pod = (phase: string, cpu: string): Pod => ({ kind: "Pod", metadata: { name: "p", uid: phase }, spec: { nodeName: "n", containers: [{ name: "c", resources: { requests: { cpu } } }] }, status: { phase } });
  const node = { kind: "Node", metadata: { name: "n", uid: "n" }, status: { allocatable: { cpu: "2" } } };
  expect(roomOf(node, [pod("Running", "250m"), pod("Pending", "1"), pod("Succeeded", "1")], "cpu")).toEqual({ requested: 1.25, allocatable: 2 });
});

it("names what a node is short of, and nothing else of its conditions", () => {
  const conditions = [{ type: "MemoryPressure", status: "True" }, { type: "DiskPressure", status: "False" }, { type: "Ready", status: "True" }];
  expect(pressures({ kind: "Node", metadata: { name: "n", uid: "n" }, status: { conditions } } as unknown as Node)).toEqual(["MemoryPressure"]);
});

it("names what keeps new Pods away: a cordon, and the taints that somebody put there", () => {
  const taints = [
    { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" },
    { key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" },
    { key: "node.kubernetes.io/out-of-service", value: "nodeshutdown", effect: "NoExecute" },
    { key: "gpu", value: "yes", effect: "NoSchedule" },
  ];
  const node = { kind: "Node", metadata: { name: "n", uid: "n" }, spec: { unschedulable: true, taints } };
  expect(closures(node)).toEqual(["SchedulingDisabled", "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute", "gpu=yes:NoSchedule"]);
});
