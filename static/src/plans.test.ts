import { expect, it } from "vitest";
import type { Pod } from "./kube";
import { podsOf } from "./objects";
import { backoffEnd, memoryOfPod, probesNow, triesOf } from "./plans";
import { played } from "./testing";

const MIB = 2 ** 20;

function named(lab: ReturnType<typeof played>, name: string): Pod {
  const found = podsOf(lab.state).find((each) => each.metadata.name === name);
  if (!found) throw new Error(`the fixture has no ${name} at this instant`);
  return found;
}

function readiness(t: number): unknown {
  const lab = played(t, "readiness");
  const pod = named(lab, "pod-readiness-exec1");
  const [container] = pod.spec.containers;
  if (!container) throw new Error("no container");
  const [now] = probesNow(lab.state, pod, container, pod.status?.containerStatuses?.[0], t);
  return now && [now.outcome, now.counts, now.done, now.all, now.next];
}

it("knows the next try, what is counted, and goes on counting while the probe rests", () => {
  expect(readiness(9_000)).toEqual(["", "Success", 0, 3, 13_000]);
  expect(readiness(40_000)).toEqual(["Failure", "Success", 0, 3, 43_000]);
  expect(readiness(67_000)).toEqual(["Success", "Success", 2, 3, 73_000]);
  expect(readiness(91_000)).toEqual(["Success", "Success", 3, 3, 93_000]);
});

it("tells the tries of a resting probe as if each had been told", () => {
  const lab = played(95_000, "readiness");
  const seen = lab.store.index.ofProbes(named(lab, "pod-readiness-exec1").metadata.uid);
  expect(triesOf(seen, 0, 95_000, 4).map((each) => [each.t, each.outcome])).toEqual([[63_005, "Success"], [73_005, "Success"], [83_000, "Success"], [93_000, "Success"]]);
  expect(triesOf(seen, 0, 95_000, 99)).toHaveLength(9);
  expect(triesOf(seen, 60_000, 70_000, 99).map((each) => each.t)).toEqual([63_005]);
});

it("takes the try of which a failure tells for no success before it", () => {
  const resting = { kind: "probe", t: 10_000, pod: "u", container: "c", probe: "readiness", outcome: "Success", count: 3, next: 20_000, period: 10_000, threshold: 3 };
  const failed = { ...resting, t: 40_012, outcome: "Failure", count: 1, next: 50_000, period: 0 };
  const tries = triesOf([resting, failed] as unknown as Parameters<typeof triesOf>[0], 0, 45_000, 9);
  expect(tries.map((each) => [each.t, each.outcome])).toEqual([[10_000, "Success"], [20_000, "Success"], [30_000, "Success"], [40_012, "Failure"]]);
});

it("computes what is held at any instant from the curve that was told", () => {
  const lab = played(40_000, "eviction");
  expect(memoryOfPod(lab.state, named(lab, "leaky-burst"), 40_000)).toBe((194 + 23 * 16) * MIB);
  expect(memoryOfPod(lab.state, named(lab, "scratch"), 40_000)).toBeNull();
});

it("reads the end of a back-off from the kubelet’s words", () => {
  const { clock } = played(0);
  const status = { name: "c", ready: false, restartCount: 5, state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 2m40s restarting failed container=c pod=p" } }, lastState: { terminated: { exitCode: 1, finishedAt: new Date(clock.zero + 5000).toISOString() } } };
  expect(backoffEnd(status, clock)).toBe(165_000);
  expect(backoffEnd({ ...status, state: { waiting: { reason: "ContainerCreating" } } }, clock)).toBeNaN();
});
