import { expect, it, vi } from "vitest";
import { drawn, played, textOf } from "../../testing";

it("lets a fault happen to the node that is chosen, and heals it", async () => {
  const lab = played(45_000);
  const command = vi.spyOn(lab, "command").mockReturnValue("1");
  const { PodFaults } = await import("./faults");
  const shown = await drawn(class extends PodFaults {});
  const select = shown.querySelector<HTMLSelectElement>("select[name=node]");
  if (select) select.value = "node-2";
  shown.querySelector<HTMLElement>("[data-fault=isolate]")?.click();
  shown.querySelector<HTMLElement>("[data-fault=heal]")?.click();
  expect(command.mock.calls.map(([sent]) => sent)).toEqual([
    { kind: "fault", name: "isolate", node: "node-2", args: {} },
    { kind: "fault", name: "heal", node: "node-2", args: {} },
  ]);
});

it("names the selected Pod first, and says what to do where there is none", async () => {
  const lab = played(45_000);
  const command = vi.spyOn(lab, "command").mockReturnValue("1");
  const { PodFaults } = await import("./faults");
  const shown = await drawn(class extends PodFaults {});
  shown.querySelector<HTMLElement>("[data-fault=app-crash]")?.click();
  expect(command.mock.calls[0]?.[0]).toEqual({ kind: "fault", name: "app-crash", node: "", args: { pod: "default/my-nginx-pod" } });
  played(0);
  const empty = await drawn(class extends PodFaults {});
  expect(textOf(empty)).toContain("kubectl run web --image=nginx");
});

it("asks where traffic goes to before it flows", async () => {
  const lab = played(45_000);
  const command = vi.spyOn(lab, "command").mockReturnValue("1");
  const { PodFaults } = await import("./faults");
  const shown = await drawn(class extends PodFaults {});
  shown.querySelector<HTMLElement>("[data-fault=traffic]")?.click();
  expect(command).not.toHaveBeenCalled();
  const field = shown.querySelector<HTMLInputElement>("input[name=to]");
  if (field) field.value = "http://web/";
  shown.querySelector<HTMLElement>("[data-fault=traffic]")?.click();
  expect(command.mock.calls[0]?.[0]).toEqual({ kind: "fault", name: "traffic", node: "", args: { pod: "default/my-nginx-pod", to: "http://web/" } });
});
