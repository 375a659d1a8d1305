import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { story } from "./lanes";
import { Store } from "./store";
import type { ServerFrame } from "./wire";
import { chainOf } from "./why";

const frames = JSON.parse(readFileSync("tests/fixtures/wire/one_pod.json", "utf8")) as ServerFrame[];

function played(): { store: Store; uid: string } {
  const store = new Store();
  const first = frames.find((each) => each.kind === "snapshot");
  if (first?.kind === "snapshot") store.snapshot(first);
  for (const frame of frames) if (frame.kind === "window") store.window(frame);
  store.release(90_000);
  const made = store.history.find((each) => each.kind === "object" && each.resource === "pods" && each.type === "ADDED");
  return { store, uid: made?.kind === "object" ? made.uid : "" };
}

it("tells phase, conditions and container of one Pod from its birth to its end", () => {
  const { store, uid } = played();
  const told = story(store, uid, () => NaN);
  const words = Object.fromEntries(told.lanes.map((lane) => [lane.key, lane.stretches.map((each) => each.word)]));
  expect(words.phase?.slice(0, 3)).toEqual(["Pending", "Pending", "Running"]);
  expect(words.PodScheduled).toEqual(["True"]);
  expect(words.Ready).toEqual(["False", "True", "False"]);
  expect(words["container/my-nginx-container"]?.slice(0, 2)).toEqual(["ContainerCreating", "running"]);
  expect(told.gone).not.toBeNull();
  expect(told.events.map((each) => each.reason)).toEqual(["Scheduled", "Pulling", "Pulled", "Created", "Started", "Killing"]);
});

it("has stretches without a gap: each begins where the one before ends", () => {
  const { store, uid } = played();
  for (const lane of story(store, uid, () => NaN).lanes) {
    lane.stretches.slice(1).forEach((each, i) => {
      expect(each.from).toBe(lane.stretches[i]?.to);
    });
  }
});

it("chains the causes of a running Pod back to the learner’s own deed", () => {
  const { store, uid } = played();
  const chain = chainOf(store, uid, 40_000);
  expect(chain[0]).toMatchObject({ cause: null, deed: "ADDED" });
  expect(chain.map((each) => each.cause?.rule)).toContain("C13");
});
