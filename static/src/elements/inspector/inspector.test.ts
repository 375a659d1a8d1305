import { render } from "lit";
import { expect, it } from "vitest";
import { drawn, played, textOf } from "../../testing";

it("says why the Pod is ready: the learner made it, the scheduler bound it, the kubelet started it", async () => {
  played(45_000);
  const { PodInspector } = await import("./inspector");
  const shown = await drawn(class extends PodInspector {});
  expect(textOf(shown.querySelector("h2"))).toBe("my-nginx-pod");
  expect([...shown.querySelectorAll(".chain .ttl")].map(textOf)).toEqual(["You made it", "The scheduler binds it to node-1", "Image, create, start"]);
  expect([...shown.querySelectorAll(".evs b")].map(textOf)).toEqual(["Scheduled", "Pulling", "Pulled", "Created", "Started"]);
});

it("shows the Pod as it was where the learner looks back", async () => {
  const lab = played(45_000);
  lab.lookAt(32_110);
  const { PodInspector } = await import("./inspector");
  const shown = await drawn(class extends PodInspector {});
  expect(textOf(shown.querySelector(".sub"))).toContain("ContainerCreating");
  expect(textOf(shown.querySelector(".cond"))).toContain("ContainersNotReady");
});

it("asks for a choice where nothing is selected, and tells a node’s room where a node is", async () => {
  const lab = played(31_000);
  const { PodInspector } = await import("./inspector");
  const shown = await drawn(class extends PodInspector {});
  expect(textOf(shown)).toBe("Choose a Pod or a node to see why it is as it is.");
  lab.select([...lab.state.objects.values()].find((each) => each.metadata.name === "node-1")?.metadata.uid ?? null);
  await shown.updateComplete;
  expect(textOf(shown)).toContain("0 of 1948 Mi");
});


it("shows a node’s disk and processes beside what must stay free", async () => {
  const lab = played(31_000);
  const { pressureView, size } = await import("./pressure");
  const found = [...lab.state.objects.values()].find((each) => each.metadata.name === "node-1");
  const node = { ...found, status: { capacity: { "ephemeral-storage": "10Gi" } } } as unknown as Parameters<typeof pressureView>[1];
  const told = { kind: "node", t: 0, n: 0, node: "node-1", disk: 9.5 * 2 ** 30, disk_kept: 2 ** 30, pids: 12, pids_most: 1024, pids_kept: 0 } as const;
  const seen = new Map([["node node-1", told]]);
  const place = document.createElement("div");
  render(pressureView({ words: lab.words, state: { seen } } as unknown as typeof lab, node), place);
  expect([...place.querySelectorAll("h3")].map(textOf)).toEqual(["Disk9.5 Gi of 10 Gi in use", "Processes12 of 1024 in use"]);
  expect([...place.querySelectorAll(".sumline")].map(textOf)).toEqual(["10 Gi − 9.5 Gi = 0.5 Gi < 1 Gi", "1024 − 12 = 1012"]);
  expect([place.querySelectorAll(".short").length, place.querySelectorAll(".over").length]).toEqual([1, 1]);
  expect(size(12 * 2 ** 20)).toBe("12 Mi");
});
