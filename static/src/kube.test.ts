import { expect, it } from "vitest";
import { quantity } from "./kube";

it.each([
  ["250m", 0.25],
  ["2", 2],
  ["1948Mi", 1948 * 2 ** 20],
  ["1Gi", 2 ** 30],
  ["128k", 128_000],
  ["1e3", 1000],
  [undefined, 0],
])("reads the quantity %s", (text, value) => {
  expect(quantity(text)).toBeCloseTo(value);
});
