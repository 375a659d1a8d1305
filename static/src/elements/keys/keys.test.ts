import { expect, it, vi } from "vitest";
import { drawn, played } from "../../testing";

it("sets the speed by 1, 2 and 3, but leaves fields and combinations alone", async () => {
  const lab = played(45_000);
  const clock = vi.spyOn(lab.socket, "clock");
  const { PodKeys } = await import("./keys");
  await drawn(class extends PodKeys {});
  const field = document.body.appendChild(document.createElement("input"));
  const press = (key: string, on: EventTarget = document.body, more: KeyboardEventInit = {}): void => {
    on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
  };
  press("3");
  press("2", field);
  press("1", document.body, { ctrlKey: true });
  expect(clock.mock.calls).toEqual([["run", 60]]);
});

it("lists every key in the sheet that ? opens", async () => {
  played(45_000);
  const { PodKeys } = await import("./keys");
  const shown = await drawn(class extends PodKeys {});
  const open = vi.spyOn(HTMLDialogElement.prototype, "showModal").mockImplementation(() => undefined);
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }));
  expect(open).toHaveBeenCalled();
  expect(shown.querySelectorAll("kbd").length).toBeGreaterThan(8);
});
