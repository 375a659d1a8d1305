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
