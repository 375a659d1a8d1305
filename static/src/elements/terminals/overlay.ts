/** What the page paints behind the terminal’s own text: the prompt, lines that are on their way, the line being typed. Pure. */
import { type Spot, after } from "./width";

export interface Overlay {
  readonly prompt: string;
  /** Lines that were sent and not echoed yet. */
  readonly sent: readonly string[];
  readonly typed: string;
  /** What of `typed` stands right of the cursor. */
  readonly tail: string;
}

export interface Painted {
  /** What to write. */
  readonly text: string;
  /** Where the cursor is then, counted from the row in which the terminal’s own text ends. */
  readonly cursor: Spot;
}

/** Paint the overlay where the terminal’s own text ends, at `column`. */
export function paint(overlay: Overlay, column: number, columns: number): Painted {
  const lines = overlay.sent.map((line, i) => `${i === 0 ? overlay.prompt : ""}${line}\r\n`).join("");
  const all = lines + (overlay.sent.length === 0 ? overlay.prompt : "") + overlay.typed;
  const start = { row: 0, column };
  let end = after(all, columns, start);
  const wraps = end.column >= columns;
  if (wraps) end = { row: end.row + 1, column: 0 };
  const cursor = overlay.tail ? after(all.slice(0, all.length - overlay.tail.length), columns, start) : end;
  const at = cursor.column >= columns ? { row: cursor.row + 1, column: 0 } : cursor;
  const back = overlay.tail ? up(end.row - at.row) + to(at.column) : "";
  return { text: all + (wraps ? "\r\n" : "") + back, cursor: at };
}

/** Take away what `paint` painted: back to where the terminal’s own text ends. */
export function erase(painted: Painted, column: number): string {
  return `${up(painted.cursor.row)}${to(column)}\x1b[J`;
}

/** What is left to write where `now` only goes on where `before` ended: a screen reader is then told the new character alone. Null: paint anew. */
export function continued(before: Painted, now: Painted): string | null {
  return before.text && !before.text.includes("\x1b") && now.text.startsWith(before.text) ? now.text.slice(before.text.length) : null;
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

function to(column: number): string {
  return column > 0 ? `\r\x1b[${column}C` : "\r";
}
