/** A fault of the menu: what it `needs` (`node`, `pod` or nothing), its numbers, the fault that undoes it, and which arguments it `asks` for. */
export interface FaultKind {
  name: string;
  needs: string;
  args: Record<string, string>;
  healed_by: string;
  asks: readonly string[];
}

/** What the server tells the lab page in its `<script type="application/json" id="boot">`. `socket` is a path on this host. */
export interface Boot {
  session: string;
  preset: string;
  lesson: string;
  socket: string;
  language: "en" | "ko";
  faults: readonly FaultKind[];
}

/** The page’s boot data; null on a page that is no lab. */
export function readBoot(): Boot | null {
  const text = document.getElementById("boot")?.textContent;
  return text ? (JSON.parse(text) as Boot) : null;
}
