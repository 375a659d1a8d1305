import { readFileSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import causes from "./texts/causes.en.json";
import en from "./texts/en.json";
import { Words } from "./texts";

const sources = readdirSync("static/src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));

it("has a sentence for every key that the code names", () => {
  const named = sources.flatMap((name) => [...readFileSync(`static/src/${name}`, "utf8").matchAll(/say\("([\w.-]+)"/g)].map((found) => found[1] ?? ""));
  expect(named.length).toBeGreaterThan(40);
  expect([...new Set(named)].filter((key) => !(key in en))).toEqual([]);
});

it("fills arguments in, and shows a cause that nobody put into words by its rule", () => {
  const words = new Words({ left: "{seconds} s left" }, { E7: causes.E7, C13: { title: "bound to {node}", text: "" } });
  expect(words.say("left", { seconds: 3 })).toBe("3 s left");
  expect(words.cause({ rule: "C13", args: { node: "node-1" }, by: 0 }).title).toBe("bound to node-1");
  const short = { resource: "memory", used: "2", requested: "1", available: "3", threshold: "4", granted_s: 7 };
  expect(words.cause({ rule: "E7", args: { ...short, soft_s: 60 }, by: 0 }).text).toContain("met for 60 s. The Pod has 7 s to stop.");
  expect(words.cause({ rule: "E7", args: { ...short, soft_s: 0 }, by: 0 }).text).not.toContain("soft");
  expect(words.cause({ rule: "X1", args: { a: 1 }, by: 0 })).toEqual({ title: "X1", text: "a 1" });
});
