import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applyAll, fromPicture } from "./state";
import { Store } from "./store";
import type { ObjectDelta, ServerFrame, SnapshotFrame, WireChange, Window } from "./wire";

type Frame<Kind extends ServerFrame["kind"]> = Extract<ServerFrame, { kind: Kind }>;
const frames = JSON.parse(readFileSync("tests/fixtures/wire/one_pod.json", "utf8")) as ServerFrame[];
const of = <Kind extends ServerFrame["kind"]>(kind: Kind): Frame<Kind>[] => frames.filter((each): each is Frame<Kind> => each.kind === kind);
const snapshots = of("snapshot");
const first = snapshots.slice(0, 1);
const windows = of("window");
const objects = (frame: SnapshotFrame | undefined): Map<string, unknown> => new Map((frame?.objects ?? []).map((each) => [(each.metadata as { uid: string }).uid, each]));

function opened(): Store {
  const store = new Store();
  for (const each of first) store.snapshot(each);
  return store;
}

function change(t: number, n: number, phase: string): ObjectDelta {
  return { kind: "object", t, n, type: "MODIFIED", resource: "pods", namespace: "default", name: "web", uid: "u", rv: String(n), patch: { status: { phase } } };
}

function window(from_t: number, until: number, changes: WireChange[], epoch = 0): Window {
  return { kind: "window", cursor: 0, epoch, from_t, until, changes };
}

function small(): Store {
  const store = new Store();
  store.snapshot({ kind: "snapshot", cursor: 0, t: 0, objects: [{ kind: "Pod", metadata: { name: "web", uid: "u" }, status: { phase: "Pending" } }], terminals: [] });
  return store;
}

const phase = (store: Store, t?: number): unknown => ((t === undefined ? store.state : store.at(t)).objects.get("u") as unknown as { status: { phase: string } }).status.phase;

describe("the store, on what a real session sent", () => {
  it("comes to the next snapshot by the changes in between", () => {
    const store = opened();
    for (const each of windows.slice(0, 3)) store.window(each);
    store.release(47_000);
    expect(new Map(store.state.objects)).toEqual(objects(snapshots[1]));
    expect(store.state.screens.get("1")?.text).toBe(snapshots[1]?.terminals[0]?.scrollback);
  });

  it("comes to the last one after the Pod was deleted", () => {
    const store = opened();
    for (const each of windows) store.window(each);
    store.release(90_000);
    expect(new Map(store.state.objects)).toEqual(objects(snapshots[2]));
  });

  it("shows any instant again, as if it were then", () => {
    const store = opened();
    for (const each of windows) store.window(each);
    store.release(90_000);
    const changes = windows.flatMap((each) => each.changes);
    for (const t of [30_000, 32_085, 32_600, 40_000, 47_100, 48_110]) {
      const expected = applyAll(fromPicture(first[0] ?? { t: 0, objects: [], terminals: [] }), changes.filter((each) => each.t <= t));
      expect(new Map(store.at(t).objects)).toEqual(new Map(expected.objects));
    }
  });

  it("is the same after a cut back and a window as a fresh snapshot", () => {
    const store = opened();
    for (const each of windows) store.window(each);
    store.release(60_000);
    store.window(window(47_000, 47_000, []));
    expect(new Map(store.state.objects)).toEqual(objects(snapshots[1]));
  });
});

describe("the store", () => {
  it("releases a change when its time has come, not before", () => {
    const store = small();
    store.window(window(0, 100, [change(50, 1, "Running")]));
    expect(store.release(49)).toEqual([]);
    expect(phase(store)).toBe("Pending");
    expect(store.release(50)).toHaveLength(1);
    expect(phase(store)).toBe("Running");
  });

  it("forgets the future that a window contradicts", () => {
    const store = small();
    store.window(window(0, 100, [change(50, 1, "Running"), change(80, 2, "Failed")]));
    store.window(window(60, 100, [change(70, 2, "Succeeded")]));
    store.release(100);
    expect(phase(store)).toBe("Succeeded");
  });

  it("takes back what was released after a window’s from_t, and says so", () => {
    const store = small();
    store.window(window(0, 100, [change(50, 1, "Running")]));
    store.release(55);
    const before = store.generation;
    store.window(window(40, 100, []));
    expect(phase(store)).toBe("Pending");
    expect(store.generation).toBeGreaterThan(before);
  });

  it("skips a change that it has already", () => {
    const store = small();
    store.window(window(0, 100, [change(50, 1, "Running")]));
    store.window(window(60, 100, [change(50, 1, "Running"), change(70, 2, "Failed")]));
    expect(store.release(100)).toHaveLength(2);
  });

  it("keeps the earliest of two holds until a window knows of both commands", () => {
    const store = small();
    store.window(window(0, 100, [change(50, 1, "Running")]));
    store.holdAt({ kind: "hold", cursor: 1, t: 40, epoch: 3 });
    store.holdAt({ kind: "hold", cursor: 2, t: 60, epoch: 4 });
    expect(store.release(90)).toEqual([]);
    store.window(window(100, 200, [], 3));
    expect(store.release(90)).toEqual([]);
    store.window(window(100, 200, [], 4));
    expect(store.release(90)).toHaveLength(1);
  });

  it("holds at the instant of a command until a window knows of it", () => {
    const store = small();
    store.window(window(0, 100, [change(50, 1, "Running")]));
    store.holdAt({ kind: "hold", cursor: 1, t: 40, epoch: 3 });
    expect(store.release(90)).toEqual([]);
    store.window(window(100, 200, [], 2));
    expect(store.release(90)).toEqual([]);
    store.window(window(100, 200, [], 3));
    expect(store.release(90)).toHaveLength(1);
  });

  it("puts what happened before the page came in front of its history", () => {
    const store = small();
    store.window(window(0, 100, [change(50, 9, "Running")]));
    store.release(60);
    const older = { kind: "Pod", metadata: { name: "web", uid: "u" }, status: { phase: "Unknown" } };
    store.past({ kind: "past", id: "1", t: -100, objects: [older], terminals: [], changes: [change(-50, 3, "Pending")], until: 0 });
    expect([phase(store, -80), phase(store, -50), phase(store, 50), phase(store)]).toEqual(["Unknown", "Pending", "Running", "Running"]);
  });

  it("waits for all parts of a long past, and asks for the next one from where the last ended", () => {
    const store = small();
    store.snapshot({ kind: "snapshot", cursor: 0, t: 100, objects: [{ kind: "Pod", metadata: { name: "web", uid: "u" }, status: { phase: "p40" } }], terminals: [] });
    const unknown = { kind: "Pod", metadata: { name: "web", uid: "u" }, status: { phase: "Unknown" } };
    const part = (t: number, until: number, from: number): number | null =>
      store.past({ kind: "past", id: "1", t, objects: [unknown], terminals: [], changes: Array.from({ length: 20 }, (_, i) => change(from + i, from + i, `p${from + i}`)), until });
    expect(part(0, 20, 1)).toBe(20);
    expect(store.start).toBe(100);
    expect(part(20, 120, 21)).toBeNull();
    expect([store.start, phase(store, 0), phase(store, 20), phase(store, 21), phase(store, 99), phase(store)]).toEqual([0, "Unknown", "p20", "p21", "p40", "p40"]);
  });

  it("asks no further where a part brings nothing new", () => {
    const store = small();
    store.snapshot({ kind: "snapshot", cursor: 0, t: 100, objects: [], terminals: [] });
    expect(store.past({ kind: "past", id: "1", t: 50, objects: [], terminals: [], changes: [], until: 50 })).toBeNull();
  });

  it("keeps the newest twenty thousand changes, and every instant since the oldest of them", () => {
    const store = small();
    const most = 30_000;
    for (let n = 1; n <= most; n += 100) {
      store.window(window(n - 1, n + 99, Array.from({ length: 100 }, (_, i) => change(n + i, n + i, `p${n + i}`))));
      store.release(n + 99);
    }
    expect(store.history.length).toBeLessThanOrEqual(20_000);
    expect(store.history.length).toBeGreaterThan(18_900);
    expect(store.index.ofObject("u")).toHaveLength(store.history.length);
    expect(store.start).toBe(most - store.history.length);
    for (const t of [store.start, store.start + 1, store.start + 64, 25_000, most]) expect(phase(store, t)).toBe(`p${t}`);
    store.window(window(29_990, 29_990, []));
    expect([phase(store), phase(store, store.start + 7)]).toEqual(["p29990", `p${store.start + 7}`]);
  });

  it("keeps nothing of what it does not show: a busy log does not fill the page’s memory", () => {
    const store = small();
    const log = { kind: "log" as const, t: 10, n: 1, uid: "u", namespace: "default", pod: "web", container: "c", text: "line" };
    store.window(window(0, 100, [log, change(20, 2, "Running")]));
    store.release(100);
    expect(store.history.map((each) => each.n)).toEqual([2]);
  });

  it("reads any instant of a long history in keyframes", () => {
    const store = small();
    const changes = Array.from({ length: 500 }, (_, i) => change(i + 1, i + 1, `p${i + 1}`));
    store.window(window(0, 1000, changes));
    for (let t = 1; t <= 500; t += 7) store.release(t);
    store.release(500);
    for (const t of [1, 63, 64, 65, 128, 300, 499]) expect(phase(store, t)).toBe(`p${t}`);
  });
});
