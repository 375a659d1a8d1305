/** For tests: a lab that plays what a real session sent (`tests/fixtures/wire`), up to an instant, without a server. */
import { readFileSync } from "node:fs";
import type { LitElement } from "lit";
import { setLab } from "./current";
import { Lab } from "./lab";
import { Words } from "./texts";
import causes from "./texts/causes.en.json";
import en from "./texts/en.json";
import type { ServerFrame } from "./wire";

const FAULTS = [
  { name: "isolate", needs: "node", args: {}, healed_by: "heal", asks: [] },
  { name: "heal", needs: "node", args: {}, healed_by: "", asks: [] },
  { name: "app-crash", needs: "pod", args: { code: "1" }, healed_by: "", asks: [] },
  { name: "traffic", needs: "pod", args: { to: "", ms: "1000" }, healed_by: "traffic-stop", asks: ["to"] },
  { name: "traffic-stop", needs: "pod", args: {}, healed_by: "", asks: [] },
];

const GOALS = {
  id: "small/01-first",
  tasks: [
    { id: "a", title: "The Pod `web` is ready" },
    { id: "b", title: "It is gone" },
  ],
  guards: [{ id: "g", title: "Somebody answers" }],
  instants: [{ id: "ready-at", lane: "my-nginx-pod/Ready" }],
};

/** The lab at virtual `t`, its clock standing there, my-nginx-pod selected where it exists. */
export function played(t: number, story: "one_pod" | "readiness" | "eviction" = "one_pod"): Lab {
  const lab = new Lab({ session: "s", preset: "trio", lesson: "", socket: "/ws/sessions/s/", language: "en", faults: FAULTS, goals: GOALS }, new Words(en, causes));
  const frames = JSON.parse(readFileSync(`tests/fixtures/wire/${story}.json`, "utf8")) as ServerFrame[];
  const first = frames.find((each) => each.kind === "snapshot");
  if (first?.kind === "snapshot") lab.store.snapshot(first);
  for (const frame of frames) {
    if (frame.kind === "welcome") lab.clock.zero = frame.zero_ms;
    if (frame.kind === "window") lab.store.window(frame);
  }
  lab.clock.anchor = { wall_ms: 0, virtual_ms: t, speed: 1, paused: true };
  lab.store.release(t);
  lab.begun = true;
  lab.selected = [...lab.store.state.objects.values()].find((each) => each.metadata.name === "my-nginx-pod")?.metadata.uid ?? null;
  setLab(lab);
  return lab;
}

let tags = 0;

/** The element, defined under a tag of the test’s own and drawn. */
export async function drawn<Made extends LitElement>(element: new () => Made): Promise<Made> {
  customElements.define(`test-${++tags}`, element);
  const made = new element();
  document.body.append(made);
  await made.updateComplete;
  return made;
}

/** Its text, white space made one. */
export function textOf(element: Element | null | undefined): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}
