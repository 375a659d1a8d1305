/** A terminal’s text for who cannot see it, and for the painted terminal: its last lines, each with a key of its own, so that only new ones are told. Pure. */
import type { Screen } from "../../state";

/** Lines that the painted terminal shows, and that a screen reader can walk through. */
const LINES = 60;
/** Characters that are looked at for them. */
const TAIL = 8000;

export interface LogLine {
  /** Where the line begins, counted in all the characters that ever came. */
  readonly key: number;
  readonly text: string;
}

/** The last lines of a terminal without escape sequences; each but the last ends with a newline. */
export function lastLines(screen: Pick<Screen, "text" | "total">): LogLine[] {
  const tail = screen.text.slice(-TAIL);
  let key = screen.total - tail.length;
  const lines = (tail.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => {
    const made = { key, text: plain(line) };
    key += line.length;
    return made;
  });
  return (tail.length < screen.text.length ? lines.slice(1) : lines).slice(-LINES);
}

function plain(line: string): string {
  return line.replace(/\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07)/g, "").replaceAll("\r", "");
}

/** Whether so much came since the last look that telling it would drown everything else. */
export function isFlood(before: readonly LogLine[], now: readonly LogLine[]): boolean {
  const last = before.at(-1)?.key ?? -1;
  return before.length > 0 && now.length === LINES && (now[0]?.key ?? 0) > last;
}
