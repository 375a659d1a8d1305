import { expect, it } from "vitest";
import { drawn, played, textOf } from "../../testing";

it("is silent while all is well, and says what is wrong and what comes next", async () => {
  const lab = played(45_000);
  const { PodOffline } = await import("./offline");
  const shown = await drawn(class extends PodOffline {});
  expect(textOf(shown)).toBe("");
  lab.offlineSince = 44_000;
  lab.link = { is: "offline", retryAt: performance.now() + 3500 };
  lab.tell("change");
  await shown.updateComplete;
  expect(textOf(shown.querySelector("[role=alert]"))).toBe("Offline since 09:00:44. Your work is kept; trying again in 4 s.");
  lab.link = { is: "refused" };
  lab.tell("change");
  await shown.updateComplete;
  expect(textOf(shown)).toContain("not yours");
});

it("names the limit that paused the session", async () => {
  const lab = played(45_000);
  lab.link = { is: "online" };
  lab.notice = { kind: "notice", cursor: 1, code: "budget", args: { message: "2,000 objects." } };
  const { PodOffline } = await import("./offline");
  const shown = await drawn(class extends PodOffline {});
  expect(textOf(shown)).toBe("The session is paused: a limit of this lab is reached. 2,000 objects.");
});

it("names who undoes whose work, and offers the instant before", async () => {
  const lab = played(45_000);
  lab.link = { is: "online" };
  lab.notice = { kind: "notice", cursor: 1, code: "livelock", args: { t: 44_000, parties: "a and b" } };
  const { PodOffline } = await import("./offline");
  const shown = await drawn(class extends PodOffline {});
  expect(textOf(shown.querySelector("span"))).toBe("The session is paused at 09:00:44: a and b undo each other’s work without end.");
  shown.querySelector("button")?.click();
  expect(lab.view).toBe(43_000);
});
