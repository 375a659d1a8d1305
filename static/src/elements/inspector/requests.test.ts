import { html, render } from "lit";
import { expect, it } from "vitest";
import type { Pod } from "../../kube";
import { played, textOf } from "../../testing";
import { podRequests, requestsOf } from "./requests";

const POD = { kind: "Pod", metadata: { name: "pod1", namespace: "default", uid: "u" }, spec: { containers: [] } } as unknown as Pod;

it("counts who asked a Pod, up to the instant shown, and says nothing where nobody did", () => {
  const lab = played(40_000, "readiness");
  const count = requestsOf(lab, (each) => each.pod === "default/pod1").length;
  const into = document.createElement("div");
  render(html`${podRequests(lab, POD)}`, into);
  expect(count).toBeGreaterThan(2);
  expect(textOf(into.querySelector("h3"))).toBe(`Requests to it${count}`);
  expect(textOf(into.querySelector("tr"))).toMatch(new RegExp(`^node-\\d ?${count}$`));
  render(html`${podRequests(lab, { ...POD, metadata: { ...POD.metadata, name: "other" } })}`, into);
  expect(textOf(into)).toBe("");
});

it("counts what a Pod asked by where it asked and what came of it", () => {
  const lab = played(40_000, "readiness");
  const asked = lab.store.requests.map((each) => ({ ...each, from: "pod/default/pod1/c" }));
  Object.defineProperty(lab.store, "requests", { value: [...asked.slice(0, 3), { ...asked[3], pod: "", err: "refused" }] });
  const into = document.createElement("div");
  render(html`${podRequests(lab, { ...POD })}`, into);
  const rows = [...into.querySelectorAll(".requests:last-of-type tr")].map(textOf);
  expect(rows).toEqual([expect.stringMatching(/ → pod1 ?3$/), expect.stringMatching(/ → refused ?1$/)]);
});
