import { expect, it } from "vitest";
import type { Event, Obj, Pod } from "./kube";
import { podsOf } from "./objects";
import { describe } from "./status";
import { played } from "./testing";

it("tells the newest Event of the Pod that is looked at, unless a condition has changed since", () => {
  const lab = played(45_000);
  const pod = podsOf(lab.state).find((each) => each.metadata.name === "my-nginx-pod");
  if (!pod) throw new Error("the fixture has no such Pod");
  lab.selected = pod.metadata.uid;
  expect(describe(lab)).toBe("my-nginx-pod: Running · ready · Container started");
  const conditions = pod.status?.conditions?.map((each) => ({ ...each, lastTransitionTime: "2099-01-01T00:00:00Z" }));
  (lab.store.state.objects as Map<string, Obj>).set(pod.metadata.uid, { ...pod, status: { ...pod.status, conditions } } as Pod);
  const events = [...lab.store.state.objects.values()].filter((each): each is Event => each.kind === "Event");
  expect(events.length).toBeGreaterThan(0);
  expect(describe(lab)).toBe("my-nginx-pod: Running · ready");
});
