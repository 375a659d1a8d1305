import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { applyPatch, type Fields } from "./patch";

const cases = JSON.parse(readFileSync("tests/fixtures/wire/patches.json", "utf8")) as { is: string; old: Fields; patch: Fields; new: Fields }[];

it.each(cases)("applies what the server made: $is", (each) => {
  expect(applyPatch(each.old, each.patch)).toEqual(each.new);
});

it("sets, removes and merges as RFC 7386 says", () => {
  const old = { a: 1, gone: 2, deep: { keep: 1, drop: 2 }, list: [1, 2] };
  expect(applyPatch(old, { a: 3, gone: null, deep: { drop: null, made: { x: 1 } }, list: [9] })).toEqual({ a: 3, deep: { keep: 1, made: { x: 1 } }, list: [9] });
});

it("leaves the old object as it is and shares what it does not touch", () => {
  const old = { touched: { a: 1 }, shared: { b: 1 } };
  const made = applyPatch(old, { touched: { a: 2 } });
  expect(old.touched.a).toBe(1);
  expect(made.shared).toBe(old.shared);
});
