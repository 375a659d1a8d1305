import { expect, it } from "vitest";
import type { ObjectDelta } from "./wire";
import { nodesOf } from "./objects";
import { MIB, gaugeOf, mi, ranking, scores, told } from "./memory";
import { played } from "./testing";

const AT = 51_500;

it("ranks as the kubelet did when it evicted", () => {
  const lab = played(AT, "eviction");
  const evicted = lab.store.index.changes.length;
  expect(evicted).toBeGreaterThan(0);
  const later = played(60_000, "eviction");
  const change = later.store.history.find((each): each is ObjectDelta => each.kind === "object" && each.name === "leaky-burst" && each.cause?.rule === "E7");
  const kubelets = told(String(change?.cause?.args.ranking)).filter((each) => each.name !== "kube-proxy-bzjb6");
  expect(ranking(lab.state, "node-1", AT).map((each) => each.name)).toEqual(kubelets.map((each) => each.name));
});

it("reckons a node’s memory: what is used, what is free, and what must stay free", () => {
  const lab = played(40_000, "eviction");
  const node = nodesOf(lab.state).find((each) => each.metadata.name === "node-1");
  if (!node) throw new Error("no node-1");
  expect(gaugeOf(lab.state, node, 40_000)).toEqual({ capacity: 2048 * MIB, threshold: 100 * MIB, system: 238 * MIB, used: 1884 * MIB, free: 164 * MIB });
  expect(mi(100 * MIB)).toBe("100 Mi");
});

it("scores as the kernel does: by class, by request, by share of the machine", () => {
  const share = { uid: "", priority: 0 };
  const made = scores([{ ...share, name: "sure", used: 182 * MIB, requested: 200 * MIB, qos: "Guaranteed" }, { ...share, name: "leaky", used: 642 * MIB, requested: 128 * MIB, qos: "Burstable" }], 2048 * MIB);
  expect(made.map((each) => [each.name, each.adjustment, each.share, each.sum])).toEqual([["leaky", 938, 313, "1000 − 1000 × 128 / 2048"], ["sure", -997, 88, ""]]);
});
