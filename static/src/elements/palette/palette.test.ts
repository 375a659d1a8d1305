import { expect, it } from "vitest";
import { drawn, played, textOf } from "../../testing";

it("finds an object by a part of its name and goes there", async () => {
  const lab = played(67_000, "readiness");
  const { PodPalette } = await import("./palette");
  const palette = await drawn(class extends PodPalette {});
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true }));
  const input = palette.querySelector("input");
  if (!input) throw new Error("no field");
  expect(palette.querySelectorAll("li").length).toBeGreaterThan(5);
  input.value = "svc-";
  input.dispatchEvent(new InputEvent("input"));
  await palette.updateComplete;
  expect([...palette.querySelectorAll("li")].map(textOf)).toEqual(["svc-readinessService"]);
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
  expect(lab.subject?.metadata.name).toBe("svc-readiness");
});
