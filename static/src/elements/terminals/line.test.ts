import { describe, expect, it } from "vitest";
import { Line, keysOf } from "./line";

const LEFT = "\x1b[D";
const UP = "\x1b[A";
const DOWN = "\x1b[B";

function typed(...data: string[]): Line {
  const line = new Line();
  for (const each of data) line.type(each);
  return line;
}

describe("a line that is being typed", () => {
  it("is sent by Enter and empty again", () => {
    const line = new Line();
    expect(line.type("kubectl get pods\r")).toEqual([{ is: "line", text: "kubectl get pods" }]);
    expect(line.text).toBe("");
  });

  it("is several lines when several are pasted; the last waits for Enter", () => {
    const line = new Line();
    expect(line.type("a\r\nb\rc").map((each) => each.is === "line" && each.text)).toEqual(["a", "b"]);
    expect(line.text).toBe("c");
  });

  it.each([
    ["left", ["ac", LEFT, "b"], "abc", "c"],
    ["backspace", ["abx", "\x7f"], "ab", ""],
    ["delete", ["abx", LEFT, "\x1b[3~"], "ab", ""],
    ["home and end", ["b", "\x01", "a", "\x05", "c"], "abc", ""],
    ["a word away", ["get pods", "\x17"], "get ", ""],
    ["all before away, and back", ["abc", "\x15", "x", "\x19"], "xabc", ""],
    ["all behind away", ["abc", LEFT, "\x0b"], "ab", ""],
    ["Korean", ["파드", "\x7f", "도"], "파도", ""],
    ["Ctrl-D within a line", ["ab", LEFT, "\x04"], "a", ""],
  ])("edits: %s", (_, keys, text, tail) => {
    const line = typed(...keys);
    expect([line.text, line.tail]).toEqual([text, tail]);
  });

  it("walks through what was sent before, and back to the draft", () => {
    const line = typed("one\r", "two\r", "dra");
    line.type(UP);
    expect(line.text).toBe("two");
    line.type(UP + UP);
    expect(line.text).toBe("one");
    line.type(DOWN + DOWN);
    expect(line.text).toBe("dra");
  });

  it.each([
    ["the newest", ["\x12get"], "kubectl get pods", "(reverse-i-search)`get': "],
    ["an older one", ["\x12k", "\x12"], "kubectl describe node", "(reverse-i-search)`k': "],
    ["a word taken back", ["\x12getx", "\x7f"], "kubectl get pods", "(reverse-i-search)`get': "],
    ["none, and keeps the last", ["\x12get", "z"], "kubectl get pods", "(failed reverse-i-search)`getz': "],
    ["one to go on with", ["\x12desc", "\x05", " x"], "kubectl describe node x", null],
    ["the draft again after Ctrl-G", ["dra", "\x12get", "\x07"], "dra", null],
    ["the draft again after Esc", ["dra", "\x12get", "\x1b"], "dra", null],
  ])("searches what was sent before with Ctrl-R: %s", (_, keys, text, prompt) => {
    const line = typed("kubectl describe node\r", "kubectl get pods\r", "echo\r", ...keys);
    expect([line.text, line.searching]).toEqual([text, prompt]);
  });

  it("runs what Ctrl-R found with Enter, and Ctrl-C forgets it", () => {
    const line = typed("kubectl get pods\r", "\x12get");
    expect(line.type("\r")).toEqual([{ is: "line", text: "kubectl get pods" }]);
    expect(line.searching).toBe(null);
    line.type("\x12get");
    expect(line.type("\x03")).toEqual([{ is: "signal", name: "INT" }]);
    expect([line.text, line.searching]).toEqual(["", null]);
  });

  it.each([
    ["\x03", { is: "signal", name: "INT" }],
    ["\x1a", { is: "signal", name: "TSTP" }],
    ["\x1c", { is: "signal", name: "QUIT" }],
    ["\x0c", { is: "clear" }],
  ])("gives %j to the cluster or the screen", (key, deed) => {
    const line = new Line();
    line.type("half");
    expect(line.type(key)).toEqual([deed]);
  });

  it("ends the input only where the line is empty", () => {
    expect(new Line().type("\x04")).toEqual([{ is: "eof" }]);
  });

  it("takes nothing from keys that it does not know", () => {
    expect(typed("a", "\x1b[5~", "\t", "\x1b[15~").text).toBe("a");
  });
});

it("tells keys apart: sequences whole, characters one by one, surrogates together", () => {
  expect(keysOf("a\x1b[1;5D\x1bOAb🙂")).toEqual(["a", "\x1b[1;5D", "\x1b[A", "b", "🙂"]);
});
