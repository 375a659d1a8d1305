import { existsSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { played } from "../testing";

it("has every element registered, with a test in its folder", async () => {
  played(31_000);
  const { ELEMENTS, LAZY } = await import("./index");
  const folders = readdirSync("static/src/elements", { withFileTypes: true }).filter((each) => each.isDirectory());
  expect([...Object.keys(ELEMENTS), ...Object.keys(LAZY)].sort()).toEqual(folders.map((each) => `pod-${each.name}`).sort());
  const untested = folders.filter((each) => !readdirSync(`static/src/elements/${each.name}`).some((name) => name.endsWith(".test.ts")));
  expect(untested).toEqual([]);
  expect(folders.every((each) => existsSync(`static/src/elements/${each.name}/${each.name}.css`))).toBe(true);
});
