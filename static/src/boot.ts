/** A fault of the menu: what it `needs` (`node`, `pod` or nothing), its numbers, the fault that undoes it, and which arguments it `asks` for. */
export interface FaultKind {
  name: string;
  needs: string;
  args: Record<string, string>;
  healed_by: string;
  asks: readonly string[];
}

/** A task or a guard of a lesson. */
export interface Goal {
  id: string;
  title: string;
  optional?: boolean;
}

/** A lesson as its lab page knows it: its goals in order, and the instants that it asks for (`lane`: object/lane). */
export interface LessonBoot {
  id: string;
  tasks: readonly Goal[];
  guards: readonly Goal[];
  instants: readonly { id: string; lane: string }[];
}

/** What the server tells the lab page in its `<script type="application/json" id="boot">`. `socket` is a path on this host. */
export interface Boot {
  session: string;
  preset: string;
  lesson: string;
  socket: string;
  language: "en" | "ko";
  faults: readonly FaultKind[];
  /** Null: a sandbox. */
  goals: LessonBoot | null;
}

/** The page’s boot data; null on a page that is no lab. */
export function readBoot(): Boot | null {
  const text = document.getElementById("boot")?.textContent;
  return text ? (JSON.parse(text) as Boot) : null;
}
