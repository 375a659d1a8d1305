/** Colours the STATUS column of kubectl’s tables with the state’s own colour. Adds colour only, never a character. */
import type { StateName } from "../../vocabulary";

/** The palette number (of 16) that stands for a state in the terminal’s theme. */
export const PALETTE: Readonly<Record<StateName, number>> = { ready: 2, notready: 3, pending: 8, creating: 4, crash: 1, done: 12, failed: 5, term: 11 };

const STATES: readonly [RegExp, StateName][] = [
  [/^(Running|Ready)$/, "ready"],
  [/^NotReady/, "notready"],
  [/^Pending$/, "pending"],
  [/^(ContainerCreating|PodInitializing|Init:\d|ErrImagePull|ImagePullBackOff)/, "creating"],
  [/CrashLoopBackOff$/, "crash"],
  [/^(Completed|Succeeded)$/, "done"],
  [/^(Error|Failed|Evicted|OOMKilled)$/, "failed"],
  [/^Terminating$/, "term"],
];

export class Colours {
  private column = -1;
  private ready = -1;

  /** `text` with colours; what it remembers is where the last table’s columns stand. */
  paint(text: string): string {
    return text
      .split(/(\r\n)/)
      .map((part) => (part === "\r\n" ? part : this.line(part)))
      .join("");
  }

  private line(line: string): string {
    if (/^(NAMESPACE +)?NAME +/.test(line)) {
      this.column = line.search(/\bSTATUS\b/);
      this.ready = line.search(/\bREADY\b/);
      return line;
    }
    if (this.column <= 0 || line[this.column - 1] !== " ") return line;
    const word = /^\S+/.exec(line.slice(this.column))?.[0] ?? "";
    const state = this.state(word, line);
    if (!state) return line;
    return `${line.slice(0, this.column)}\x1b[${sgr(PALETTE[state])}m${word}\x1b[0m${line.slice(this.column + word.length)}`;
  }

  private state(word: string, line: string): StateName | undefined {
    const found = STATES.find(([pattern]) => pattern.test(word))?.[1];
    const [ready, all] = /^(\d+)\/(\d+)/.exec(line.slice(Math.max(0, this.ready)))?.slice(1) ?? [];
    return found === "ready" && this.ready > 0 && ready !== all ? "notready" : found;
  }
}

function sgr(colour: number): number {
  return colour < 8 ? 30 + colour : 82 + colour;
}
