import { expect, it } from "vitest";
import { drawn, played, textOf } from "../../testing";

it("tells nodes and Pods as the picture does", async () => {
  played(45_000);
  const { PodTable } = await import("./table");
  const shown = await drawn(class extends PodTable {});
  const rows = [...shown.querySelectorAll("tbody tr")].map((row) => [...row.children].map(textOf).join(" ").trim());
  expect(rows).toContain("node-1 Ready 0 of 2 0 of 1948 Mi");
  expect(rows.find((each) => each.startsWith("my-nginx-pod"))).toBe("my-nginx-pod Running · ready 1/1 0 node-1");
});

it("selects what is pressed", async () => {
  const lab = played(45_000);
  lab.selected = null;
  const { PodTable } = await import("./table");
  const shown = await drawn(class extends PodTable {});
  shown.querySelector<HTMLElement>(".link")?.click();
  expect(lab.subject?.metadata.name).toBe("my-nginx-pod");
});
