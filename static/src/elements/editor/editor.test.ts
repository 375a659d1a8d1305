import { expect, it, vi } from "vitest";
import { drawn, played, textOf } from "../../testing";
import type { Question } from "../../wire";

vi.mock("./code", () => ({
  Code: class {
    constructor(_lab: unknown, _host: unknown, public text: string) {}
    marks: unknown = null;
    mark(marks: unknown): void {
      this.marks = marks;
    }
  },
}));

it("shows what the API server would say, saves, and applies with kubectl in the terminal", async () => {
  const lab = played(5000);
  const asked: Question[] = [];
  lab.socket.ask = (question) => {
    asked.push(question);
    if (question.kind === "read") return Promise.resolve({ kind: "read", text: "kind: Pod\nspec:\n  nodeNam: x\n", files: [] });
    return Promise.resolve({ kind: "check", good: false, lines: ['… strict decoding error: unknown field "spec.nodeNam"'] });
  };
  const sent: unknown[] = [];
  lab.command = (command) => String(sent.push(command));
  const lines: string[] = [];
  document.addEventListener("run-line", (event) => lines.push((event as CustomEvent<{ line: string }>).detail.line));
  const { PodEditor } = await import("./editor");
  const element = await drawn(
    class extends PodEditor {
      constructor() {
        super();
        this.path = "pod.yaml";
      }
    },
  );
  await vi.waitFor(() => expect(textOf(element.querySelector(".note"))).toContain('Line 3 unknown field "spec.nodeNam"'));
  element.querySelector<HTMLElement>(".note .btn")?.click();
  expect(sent).toEqual([{ kind: "file", path: "pod.yaml", text: "kind: Pod\nspec:\n  nodeNam: x\n" }]);
  expect(lines).toEqual(["kubectl apply -f pod.yaml"]);
});
