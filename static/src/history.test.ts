import { expect, it } from "vitest";
import { describe } from "./status";
import { History, countBefore, countUntil } from "./history";
import { story } from "./lanes";
import { played } from "./testing";
import { chainOf } from "./why";
import type { ObjectDelta, RequestSeen, WireChange } from "./wire";

const CHANGES = 10_000;

function change(n: number, uid: string, by = 0): ObjectDelta {
  return { kind: "object", t: 100_000 + n, n: 1_000_000 + n, type: "MODIFIED", resource: "pods", namespace: "default", name: uid, uid, rv: String(n), patch: { metadata: { resourceVersion: String(n) } }, cause: { rule: "PR-8", args: {}, by } };
}

/** Counts the reads of a list’s elements. */
function counted(list: readonly WireChange[]): { list: readonly WireChange[]; reads: () => number } {
  let reads = 0;
  const proxy = new Proxy(list, {
    get(target, key, self) {
      if (typeof key === "string" && /^\d+$/.test(key)) reads++;
      return Reflect.get(target, key, self) as unknown;
    },
  });
  return { list: proxy, reads: () => reads };
}

it("looks at a few of ten thousand changes for the causes, the lanes and the status line of an instant", () => {
  const lab = played(95_000, "readiness");
  const uid = [...lab.state.objects.values()].find((each) => each.metadata.name === "pod1")?.metadata.uid ?? "";
  const others = Array.from({ length: CHANGES }, (_, i) => change(i, i % 100 === 0 ? uid : `other-${i % 50}`));
  lab.store.window({ kind: "window", cursor: 9, epoch: 9, from_t: 99_000, until: 200_000, changes: others });
  lab.store.release(200_000);
  const { list, reads } = counted(lab.store.history);
  Object.defineProperty(lab.store.index, "changes", { value: list });
  lab.selected = uid;
  for (let t = 100_000; t < 110_000; t += 1000) {
    chainOf(lab.store, uid, t);
    story(lab.store, uid, (stamp) => lab.clock.virtual(stamp));
    describe(lab);
  }
  expect(reads() / 10).toBeLessThan(200);
});

it("forgets what a cut takes back, in every list", () => {
  const history = new History(new Map());
  const request = (n: number): RequestSeen => ({ kind: "request", t: n, n, from: "node/n", host: "h", port: 1 });
  for (const each of [change(1, "a"), change(2, "b"), change(3, "a")]) history.add(each);
  for (const n of [100_001, 100_003]) history.add(request(n));
  history.cut(2, 100_002);
  expect([history.changes.length, history.ofObject("a").length, history.requests.length]).toEqual([2, 1, 1]);
  expect(history.byNumber(1_000_003)).toBeUndefined();
  expect(history.byNumber(1_000_002)?.uid).toBe("b");
});

it("keeps the newest requests only", () => {
  const history = new History(new Map());
  for (let n = 0; n < 9000; n++) history.add({ kind: "request", t: n, n, from: "node/n", host: "h", port: 1 });
  expect(history.requests.length).toBeLessThanOrEqual(4000);
  expect(history.requests.at(-1)?.n).toBe(8999);
});

it("counts by time and by number", () => {
  const list = [change(1, "a"), change(2, "b"), change(2, "c")];
  expect([countUntil(list, 100_001), countUntil(list, 100_002), countBefore(list, 1_000_002), countBefore(list, 0)]).toEqual([1, 3, 1, 0]);
});
