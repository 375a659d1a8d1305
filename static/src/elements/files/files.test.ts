import { expect, it } from "vitest";
import { drawn, played } from "../../testing";

it("lists the files of the learner's home and opens the one that is chosen", async () => {
  const lab = played(5000);
  lab.socket.ask = () => Promise.resolve({ kind: "read", text: null, files: ["pod.yaml", "web.yaml"] });
  const opened: string[] = [];
  document.addEventListener("open-file", (event) => opened.push((event as CustomEvent<{ path: string }>).detail.path));
  const { PodFiles } = await import("./files");
  const element = await drawn(class extends PodFiles {});
  element.querySelector("#files-menu")?.dispatchEvent(Object.assign(new Event("beforetoggle"), { newState: "open" }));
  await new Promise((resolve) => setTimeout(resolve, 0));
  await element.updateComplete;
  const buttons = [...element.querySelectorAll<HTMLElement>("li button")];
  expect(buttons.map((button) => button.textContent)).toEqual(["pod.yaml", "web.yaml"]);
  Object.assign(element.querySelector("#files-menu") ?? {}, { hidePopover: () => undefined });
  buttons[1]?.click();
  expect(opened).toEqual(["web.yaml"]);
});
