import { expect, it, vi } from "vitest";
import { drawn, played, textOf } from "../../testing";

it("shows the time in UTC, and what the Pod does in words", async () => {
  played(45_000);
  const { PodClock } = await import("./clock");
  const shown = await drawn(class extends PodClock {});
  expect(textOf(shown.querySelector(".clock"))).toBe("09:00:45");
  expect(textOf(shown.querySelector("[role=status]"))).toBe("Paused. my-nginx-pod: Running · ready · Container started");
});

it("asks the server for run and pause, step and speed", async () => {
  const lab = played(45_000);
  const clock = vi.spyOn(lab.socket, "clock");
  const { PodClock } = await import("./clock");
  const shown = await drawn(class extends PodClock {});
  for (const button of shown.querySelectorAll<HTMLElement>(".ib.on, .ib[aria-label='Next change'], .speeds button:nth-child(2)")) button.click();
  expect(clock.mock.calls).toEqual([["run", 1], ["step"], ["run", 10]]);
});

it("offers the way back to now while the learner looks back", async () => {
  const lab = played(45_000);
  lab.lookAt(40_000);
  const { PodClock } = await import("./clock");
  const shown = await drawn(class extends PodClock {});
  expect(textOf(shown.querySelector(".clock"))).toBe("09:00:40.000");
  shown.querySelector<HTMLElement>(".back")?.click();
  expect(lab.view).toBeNull();
});
