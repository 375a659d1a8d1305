import { Terminal } from "@xterm/xterm";
import { describe, expect, it } from "vitest";
import { type Overlay, continued, erase, paint } from "./overlay";
import { after, cells } from "./width";

const COLUMNS = 20;

/** What a real xterm shows after the writes, line by line, and where its cursor is. */
async function shown(...writes: string[]): Promise<{ lines: string[]; cursor: [number, number] }> {
  const terminal = new Terminal({ cols: COLUMNS, rows: 10, allowProposedApi: true });
  for (const each of writes) await new Promise<void>((done) => terminal.write(each, done));
  const buffer = terminal.buffer.active;
  const lines = Array.from({ length: 10 }, (_, i) => buffer.getLine(buffer.baseY + i)?.translateToString(true) ?? "");
  return { lines: lines.slice(0, lines.findLastIndex((each) => each !== "") + 1), cursor: [buffer.cursorY, buffer.cursorX] };
}

const overlay = (typed: string, more: Partial<Overlay> = {}): Overlay => ({ prompt: "$ ", sent: [], typed, tail: "", ...more });

describe("the painted line", () => {
  it.each<[string, Overlay]>([
    ["short", overlay("get")],
    ["exactly one row", overlay("x".repeat(18))],
    ["over three rows", overlay("x".repeat(45))],
    ["wide characters at the edge", overlay("파드가왜그러는지눈으로봅니다")],
    ["a cursor in the middle", overlay("x".repeat(30), { tail: "x".repeat(15) })],
    ["a cursor at the edge", overlay("x".repeat(30), { tail: "x".repeat(12) })],
    ["lines on their way", overlay("next", { sent: ["first", "y".repeat(25)] })],
  ])("is taken away without a trace: %s", async (_, given) => {
    const painted = paint(given, 0, COLUMNS);
    const text = `out\r\n`;
    const result = await shown(text, painted.text, erase(painted, 0), "then");
    expect(result).toEqual({ lines: ["out", "then"], cursor: [1, 4] });
  });

  it.each<[string, Overlay]>([
    ["end", overlay("get pods")],
    ["middle", overlay("x".repeat(30), { tail: "x".repeat(15) })],
    ["wide", overlay("파드가왜그러는지눈으로", { tail: "으로" })],
  ])("leaves the cursor where it says: %s", async (_, given) => {
    const painted = paint(given, 0, COLUMNS);
    const { cursor } = await shown(painted.text);
    expect(cursor).toEqual([painted.cursor.row, painted.cursor.column]);
  });

  it("goes on with one character where one was typed, and is painted anew where the cursor stood in the middle", async () => {
    const before = paint(overlay("get po"), 0, COLUMNS);
    const now = paint(overlay("get pod"), 0, COLUMNS);
    expect(continued(before, now)).toBe("d");
    expect(await shown(before.text, continued(before, now) ?? "")).toEqual(await shown(now.text));
    expect(continued(paint(overlay("get po", { tail: "o" }), 0, COLUMNS), now)).toBeNull();
    expect(continued(paint(overlay("get pods"), 0, COLUMNS), now)).toBeNull();
  });

  it("stands behind a line without an end", async () => {
    const painted = paint(overlay("abc", { prompt: "" }), 7, COLUMNS);
    const result = await shown("Name? \x1b[1m:\x1b[0m", painted.text, erase(painted, 7), "!");
    expect(result.lines).toEqual(["Name? :!"]);
  });
});

it("counts cells as xterm does", () => {
  expect(["a", "파", "界", "é", "\u0301"].map(cells)).toEqual([1, 2, 2, 1, 0]);
  expect(after("ab\r\n파드", 20)).toEqual({ row: 1, column: 4 });
  expect(after("\x1b[32mok\x1b[0m", 20)).toEqual({ row: 0, column: 2 });
});
