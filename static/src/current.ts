/** The lab of this page. There is one; elements ask for it when they are connected. */
import type { Lab } from "./lab";

let current: Lab | null = null;

/** Say which lab the page’s elements belong to: before any of them is defined. */
export function setLab(lab: Lab): void {
  current = lab;
}

export function theLab(): Lab {
  if (!current) throw new Error("setLab comes before the elements are defined");
  return current;
}
