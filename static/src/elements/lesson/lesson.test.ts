import { afterEach, expect, it } from "vitest";
import type { Lab } from "../../lab";
import { drawn, played, textOf } from "../../testing";
import { blank, shown } from "./forms";
import { scaleOf, secondsOf } from "./instant";
import { commandsOf } from "./run";

afterEach(() => {
  document.body.replaceChildren();
  sessionStorage.clear();
});

/** What a session tells, as it would come: released at once. */
function tell(lab: Lab, about: string, name: string, data: Record<string, unknown>): void {
  const { store } = lab;
  const last = store.history.at(-1);
  store.window({ kind: "window", cursor: 1, epoch: 1, from_t: store.state.t, until: store.state.t + 1, changes: [{ kind: "verdict", t: store.state.t, n: (last?.n ?? 0) + 1, about, name, data }] });
  store.release(store.state.t);
  lab.tell("change");
}

interface Made extends HTMLElement {
  updateComplete: Promise<boolean>;
}

let tags = 0;

/** An element with the server’s words in it, brought to life. */
async function written(element: CustomElementConstructor, html: string, attributes: Record<string, string> = {}): Promise<Made> {
  const tag = `written-${++tags}`;
  const values = Object.entries(attributes).map(([name, value]) => ` ${name}="${value.replaceAll('"', "&quot;")}"`);
  document.body.insertAdjacentHTML("beforeend", `<${tag}${values.join("")}>${html}</${tag}>`);
  customElements.define(tag, class extends element {});
  const made = document.body.querySelector<Made>(tag);
  if (!made) throw new Error(tag);
  await made.updateComplete;
  return made;
}

it("shows how far the tasks are, and where a guard broke", async () => {
  const lab = played(45_000);
  const { PodLesson } = await import("./lesson");
  const made = await drawn(class extends PodLesson {});
  expect(textOf(made.querySelector(".progress"))).toBe("Exercise0 of 2 done");
  tell(lab, "task", "a", { state: "met", at: 40_000 });
  tell(lab, "task", "b", { state: "open" });
  tell(lab, "task", "g", { state: "broken", at: 41_000 });
  await made.updateComplete;
  expect(textOf(made.querySelector(".progress .num"))).toBe("1 of 2 done");
  expect([...made.querySelectorAll(".steps a")].map((each) => each.className)).toEqual(["met", "now"]);
  expect(textOf(made.querySelector("[role=status]"))).toBe("Done: The Pod web is ready");
  made.querySelector<HTMLElement>(".guards .broken button")?.click();
  expect(lab.view).toBe(40_999);
});

it("says of a task what was seen instead, and leads to that instant", async () => {
  const lab = played(45_000);
  const { PodTask } = await import("./task");
  const made = await written(PodTask, "<h3>The Pod web is ready</h3><p>Make it.</p>", { "data-task": "a" });
  expect(made.dataset.state).toBe("closed");
  tell(lab, "task", "a", { state: "open", seen: { code: "count", args: { seen: 2, of: 5 }, t: 42_000 } });
  await made.updateComplete;
  expect(made.dataset.state).toBe("now");
  expect(textOf(made.querySelector(".seen"))).toBe("So far 2 of 5, the last at 09:00:42. Go to 09:00:42");
  made.querySelector<HTMLElement>(".seen button")?.click();
  expect(lab.view).toBe(42_000);
  lab.lookAt(null);
  tell(lab, "task", "a", { state: "met", at: 43_000 });
  await made.updateComplete;
  expect(made.dataset.state).toBe("met");
  expect(textOf(made)).toContain("Make it.");
});

it("puts a hint below its task in the reader’s language, unless the text has a place for it", async () => {
  const lab = played(45_000);
  const [{ PodTask }, { PodHint }] = await Promise.all([import("./task"), import("./hint")]);
  const task = await written(PodTask, "<h3>The Pod web is ready</h3>", { "data-task": "a" });
  tell(lab, "hint", "misspelt", { task: "a", on: true, text: { en: "Read `nginx` *again*.", ko: "다시" } });
  await task.updateComplete;
  expect(textOf(task.querySelector(".hint"))).toBe("Hint Read nginx again.");
  expect(task.querySelector(".hint code")?.textContent).toBe("nginx");
  tell(lab, "hint", "misspelt", { task: "a", on: false });
  await task.updateComplete;
  expect(task.querySelector(".hint")).toBeNull();
  const place = await written(PodHint, "", { "data-id": "misspelt" });
  expect(textOf(place)).toBe("");
});

it("makes a button of each command, and one of a text that goes on", async () => {
  played(45_000);
  const { PodRun } = await import("./run");
  const made = await written(PodRun, "<pre><code>ssh node-1\nkubectl get pods\n</code></pre>", { "data-terminal": "2" });
  expect([...made.querySelectorAll<HTMLElement>("[data-run]")].map((each) => [each.dataset.run, each.dataset.terminal])).toEqual([["ssh node-1", "2"], ["kubectl get pods", "2"]]);
  const run: (string | undefined)[] = [];
  document.addEventListener("click", (event) => run.push((event.target as HTMLElement).dataset.run));
  made.querySelector<HTMLElement>(".run-all")?.click();
  expect(run.filter(Boolean)).toEqual(["ssh node-1", "kubectl get pods"]);
  expect(commandsOf("cat > a <<E\nx\nE\n")).toEqual(["cat > a <<E\nx\nE"]);
});

it("opens a file of the lesson in the editor: hers where it lies in her home, else as it stands here", async () => {
  played(45_000);
  const { PodManifest } = await import("./manifest");
  const opened: unknown[] = [];
  document.addEventListener("open-file", (event) => opened.push((event as CustomEvent<unknown>).detail));
  for (const home of ["true", ""]) {
    const made = await written(PodManifest, "<pre><code>kind: Pod</code></pre>", { "data-file": "web.yaml", "data-home": home });
    made.querySelector<HTMLElement>("button")?.click();
    expect(textOf(made)).toContain("kind: Pod");
  }
  expect(opened).toEqual([{ path: "web.yaml" }, { path: "web.yaml", text: "kind: Pod" }]);
});

it("shows live values of the instant that is looked at", async () => {
  const lab = played(45_000);
  const { PodLive } = await import("./live");
  const made = await written(PodLive, "…", { "data-expr": "on(pod('web'))" });
  expect(textOf(made)).toBe("…");
  tell(lab, "value", "on(pod('web'))", { value: "node-1" });
  await made.updateComplete;
  expect(textOf(made)).toBe("node-1");
});

const INSTANT = { form: "instant", lane: "my-nginx-pod/Ready", tolerance: "2s", options: [], rows: [], why: "Because of `three`." };

it("asks for an instant, keeps the guess, and compares it with what came", async () => {
  const lab = played(45_000);
  const sent: unknown[] = [];
  lab.command = (command) => String(sent.push(command));
  const { PodPredict } = await import("./predict");
  const made = await written(PodPredict, "<p>When?</p>", { "data-id": "ready-at", "data-spec": JSON.stringify(INSTANT) });
  const field = made.querySelector<HTMLInputElement>("input[type=number]");
  if (field) field.value = "20";
  field?.dispatchEvent(new Event("change"));
  await made.updateComplete;
  made.querySelector<HTMLElement>(".btn")?.click();
  expect(sent).toEqual([{ kind: "predict", id: "ready-at", value: 20_000 }]);
  tell(lab, "prediction", "ready-at", { value: 20_000, said: 44_000 });
  await made.updateComplete;
  expect(textOf(made.querySelector("[role=status]"))).toBe("Your guess: 20 s.");
  tell(lab, "prediction", "ready-at", { value: 20_000, said: 44_000, since: 10_000, answer: 21_500, at: 31_500, right: true });
  await made.updateComplete;
  expect(textOf(made.querySelector(".came-words"))).toBe("As you said. Your guess: 20 s. It was: 21.5 s. Because of three. Go to 09:00:31");
  expect(made.querySelector("input")).toBeNull();
  const { guesses } = await import("../timeline/guesses");
  expect(guesses(lab)).toEqual([{ lane: "Ready", t: 30_000 }]);
});

it("asks in every form", async () => {
  const lab = played(45_000);
  const sent: { value?: unknown }[] = [];
  lab.command = (command) => String(sent.push(command as { value?: unknown }));
  const { PodPredict } = await import("./predict");
  const cases: [string, (made: HTMLElement) => void, unknown, string][] = [
    ["order", (made) => made.querySelectorAll<HTMLElement>(".order button")[2]?.click(), ["two", "one", "three"], "two → one → three"],
    ["set", (made) => made.querySelectorAll<HTMLElement>("input")[1]?.click(), [false, true, false], "two"],
    ["table", (made) => choose(made.querySelectorAll("select")[1], "2"), [0, 2], "r1: one · r2: three"],
    ["number", (made) => type(made.querySelector("input"), "952"), 952, "952"],
    ["share", (made) => type(made.querySelector("input"), "30"), 30, "30 %"],
  ];
  for (const [form, act, value, said] of cases) {
    const spec = { form, lane: null, tolerance: null, options: ["one", "two", "three"], rows: ["r1", "r2"], why: "" };
    const made = await written(PodPredict, "<p>?</p>", { "data-id": form, "data-spec": JSON.stringify(spec) });
    act(made);
    await made.updateComplete;
    made.querySelector<HTMLElement>(".btn")?.click();
    expect(sent.at(-1)?.value).toEqual(value);
    expect(shown(spec as Parameters<typeof blank>[0], value as Parameters<typeof shown>[1], lab.words)).toBe(said);
  }
});

function type(field: HTMLInputElement | null, value: string): void {
  if (field) field.value = value;
  field?.dispatchEvent(new Event("input"));
}

function choose(field: HTMLSelectElement | undefined, value: string): void {
  if (field) field.value = value;
  field?.dispatchEvent(new Event("change"));
}

it("has an axis that holds the guess and shows the tolerance", () => {
  expect([scaleOf(10, 0), scaleOf(2, 25), scaleOf(20, 310), scaleOf(0, 9000)]).toEqual([60, 30, 600, 10_800]);
  expect([secondsOf("1m30s"), secondsOf("500ms"), secondsOf(null)]).toEqual([90, 0.5, 0]);
});

it("answers each choice of a quiz with its reason, and remembers it", async () => {
  played(45_000);
  const { PodQuiz } = await import("./quiz");
  const html = '<p>Who?</p><ul><li data-right="false" data-reason="It only counts.">kubelet</li><li data-right="true" data-reason="It writes.">scheduler</li></ul>';
  const made = await written(PodQuiz, html, { "data-id": "who" });
  made.querySelector<HTMLElement>(".option")?.click();
  await made.updateComplete;
  expect(textOf(made.querySelector(".reason"))).toBe("Not so. It only counts.");
  const again = await written(PodQuiz, html, { "data-id": "who" });
  expect(again.querySelectorAll(".reason")).toHaveLength(1);
});

it("shows an object as it is, and selects it", async () => {
  const lab = played(45_000);
  const { PodObject } = await import("./object");
  const made = await written(PodObject, "<p>x</p>", { "data-ref": "pod/my-nginx-pod" });
  expect(textOf(made)).toContain("my-nginx-pod Running · ready");
  lab.select(null);
  made.querySelector<HTMLElement>("button")?.click();
  expect(lab.subject?.metadata.name).toBe("my-nginx-pod");
  expect(textOf(await written(PodObject, "", { "data-ref": "pod/none" }))).toContain("not there");
});

it("ends with the sentence of cause, once all is met", async () => {
  const lab = played(45_000);
  const { PodDone } = await import("./done");
  const made = await written(PodDone, "<p>The kubelet counted.</p>", { hidden: "" });
  expect([made.hidden, textOf(made)]).toEqual([true, ""]);
  tell(lab, "task", "", { state: "met", at: 44_000 });
  await made.updateComplete;
  expect(textOf(made)).toBe("Done at 09:00:44The kubelet counted.");
});
