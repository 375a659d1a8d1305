import { describe, expect, it } from "vitest";
import type { Node, Pod } from "./kube";
import { cut, readyCount, restarts, standing } from "./vocabulary";

type Status = NonNullable<Pod["status"]>;
type One = NonNullable<Status["containerStatuses"]>[number];

function pod(status: Status, more: { node?: string; deleted?: boolean; init?: Pod["spec"]["initContainers"] } = {}): Pod {
  const { node = "node-1", deleted = false, init = [] } = more;
  return {
    kind: "Pod",
    metadata: { name: "web", uid: "u", ...(deleted ? { deletionTimestamp: "2026-11-20T09:00:00Z" } : {}) },
    spec: { ...(node ? { nodeName: node } : {}), containers: [{ name: "c" }], initContainers: init },
    status,
  };
}

const one = (state: One["state"], restartCount = 0): One[] => [{ name: "c", ready: false, restartCount, ...(state ? { state } : {}) }];
const inits = (...states: One["state"][]): One[] => states.map((state, i) => ({ name: "ab"[i] ?? "", ready: false, started: !!state?.running, restartCount: 2, ...(state ? { state } : {}) }));
const ready = (status: "True" | "False"): NonNullable<Status["conditions"]> => [{ type: "Ready", status }];

describe("how a Pod stands", () => {
  it.each<[string, Pod, string, string]>([
    ["not bound", pod({ phase: "Pending" }, { node: "" }), "pending", "Pending"],
    ["bound", pod({ phase: "Pending" }), "creating", "ContainerCreating"],
    ["pull failed", pod({ phase: "Pending", containerStatuses: one({ waiting: { reason: "ErrImagePull" } }) }), "creating", "ErrImagePull"],
    ["two init containers, none done", pod({ phase: "Pending" }, { init: [{ name: "a" }, { name: "b" }] }), "creating", "Init:0/2"],
    ["one init container done, the second runs", pod({ phase: "Pending", initContainerStatuses: inits({ terminated: { exitCode: 0, reason: "Completed" } }, { running: {} }) }, { init: [{ name: "a" }, { name: "b" }] }), "creating", "Init:1/2"],
    ["a sidecar has started, the next one runs", pod({ phase: "Pending", initContainerStatuses: inits({ running: {} }, { running: {} }) }, { init: [{ name: "a", restartPolicy: "Always" }, { name: "b" }] }), "creating", "Init:1/2"],
    ["an init container failed", pod({ phase: "Pending", initContainerStatuses: inits({ terminated: { exitCode: 1, reason: "Error" } }) }, { init: [{ name: "a" }] }), "creating", "Init:Error"],
    ["an init container failed without a reason", pod({ phase: "Pending", initContainerStatuses: inits({ terminated: { exitCode: 3 } }) }, { init: [{ name: "a" }] }), "creating", "Init:ExitCode:3"],
    ["an init container’s image is missing", pod({ phase: "Pending", initContainerStatuses: inits({ waiting: { reason: "ImagePullBackOff" } }) }, { init: [{ name: "a" }] }), "creating", "Init:ImagePullBackOff"],
    ["an init container is held back", pod({ phase: "Pending", initContainerStatuses: inits({ waiting: { reason: "CrashLoopBackOff" } }) }, { init: [{ name: "a" }] }), "crash", "Init:CrashLoopBackOff"],
    ["all init containers done", pod({ phase: "Pending", initContainerStatuses: inits({ terminated: { exitCode: 0 } }) }, { init: [{ name: "a" }] }), "creating", "PodInitializing"],
    ["gated", pod({ phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] }, { node: "" }), "pending", "SchedulingGated"],
    ["ready", pod({ phase: "Running", conditions: ready("True"), containerStatuses: one({ running: {} }) }), "ready", "Running"],
    ["not ready", pod({ phase: "Running", conditions: ready("False"), containerStatuses: one({ running: {} }) }), "notready", "Running"],
    ["held back", pod({ phase: "Running", containerStatuses: one({ waiting: { reason: "CrashLoopBackOff" } }, 5) }), "crash", "CrashLoopBackOff"],
    ["ended, to be restarted", pod({ phase: "Running", containerStatuses: one({ terminated: { exitCode: 1, reason: "Error" } }) }), "notready", "Error"],
    ["done", pod({ phase: "Succeeded" }), "done", "Succeeded"],
    ["failed", pod({ phase: "Failed" }), "failed", "Failed"],
    ["evicted", pod({ phase: "Failed", reason: "Evicted" }), "failed", "Evicted"],
    ["deleted", pod({ phase: "Running" }, { deleted: true }), "term", "Terminating"],
  ])("%s", (_, given, state, word) => {
    expect(standing(given)).toMatchObject({ state, word });
  });

  it("keeps its state but shows a question mark while its node is not heard", () => {
    const node: Node = { kind: "Node", metadata: { name: "node-1", uid: "n" }, status: { conditions: [{ type: "Ready", status: "Unknown" }] } };
    expect(standing(pod({ phase: "Running", conditions: ready("True") }), node)).toMatchObject({ state: "ready", icon: "unknown" });
  });
});

it("counts sidecars among the containers that are ready", () => {
  const given = pod({ phase: "Running", containerStatuses: one({ running: {} }), initContainerStatuses: [{ name: "s", ready: true, restartCount: 0 }] }, { init: [{ name: "s", restartPolicy: "Always" }] });
  expect(readyCount(given)).toBe("1/2");
});

it("counts the restarts of init containers while they are not done", () => {
  const init = [{ name: "a" }];
  expect(restarts(pod({ phase: "Pending", initContainerStatuses: inits({ waiting: { reason: "CrashLoopBackOff" } }) }, { init }))).toBe(2);
  expect(restarts(pod({ phase: "Running", initContainerStatuses: inits({ terminated: { exitCode: 0 } }), containerStatuses: one({ running: {} }, 5) }, { init }))).toBe(5);
});

it("cuts a long name in the middle: its hash stays", () => {
  expect(cut("mailer-6c9d7b5f4-tq4zl", 15)).toBe("mailer-...tq4zl");
  expect(cut("web", 15)).toBe("web");
  expect(cut("three", 3)).toBe("th…");
  expect(cut("podlab/web", 6)).toBe("podla…");
});
