import { type PropertyDeclarations, type TemplateResult, html, nothing } from "lit";
import { LabElement } from "../element";
import type { Code } from "./code";
import "./editor.css";
import { type Mark, marks } from "./verdicts";

const WAIT_MS = 700;

/** A file of the learner’s home: written here, looked over by the API server while it is written, applied with kubectl. */
export class PodEditor extends LabElement {
  static override properties: PropertyDeclarations = { path: { type: String }, given: { attribute: false } };
  declare path: string;
  /** A text to begin with, instead of the file’s. */
  declare given: string | null;
  protected override topics = [] as const;
  private code: Code | null = null;
  private marked: readonly Mark[] = [];
  private said: readonly string[] = [];
  private state: "loading" | "clean" | "edited" | "checking" | "good" | "bad" | "long" = "loading";
  private saved = "";
  private timer = 0;

  protected override firstUpdated(): void {
    void this.begin();
  }

  private get key(): string {
    return `podlab ${this.lab.boot.session} ${this.path}`;
  }

  private async begin(): Promise<void> {
    const [{ Code }, file] = await Promise.all([import("./code"), this.lab.ask({ kind: "read", path: this.path })]);
    this.saved = file?.text ?? "";
    const text = this.given ?? localStorage.getItem(this.key) ?? this.saved;
    const host = this.querySelector<HTMLElement>(".code");
    if (!host) return;
    this.code = new Code(this.lab, host, text, {
      label: this.say("editor.label", { file: this.path }),
      changed: (now) => this.changed(now),
      apply: () => this.apply(),
      save: () => this.save(),
      leave: () => document.querySelector<HTMLElement>(`[data-tab="file:${this.path}"]`)?.focus(),
      refused: () => this.become("long"),
    });
    this.become(text === this.saved ? "clean" : "edited");
    if (text) void this.check();
  }

  private become(state: PodEditor["state"]): void {
    this.state = state;
    this.requestUpdate();
  }

  private changed(text: string): void {
    if (text === this.saved) localStorage.removeItem(this.key);
    else localStorage.setItem(this.key, text);
    this.become("edited");
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.check(), WAIT_MS);
  }

  /** Ask the API server what it would say, and put that at its lines. */
  private async check(): Promise<void> {
    const text = this.code?.text ?? "";
    if (!text.trim()) return;
    this.become("checking");
    const answer = await this.lab.ask({ kind: "check", manifest: text, namespace: "default" });
    if (!answer || text !== this.code?.text) return;
    this.said = answer.lines;
    this.marked = answer.good ? [] : marks(text, answer.lines);
    this.code.mark(this.marked);
    if (this.state === "checking") this.become(answer.good ? "good" : "bad");
  }

  private save(): void {
    if (!this.code) return;
    this.saved = this.code.text;
    this.lab.command({ kind: "file", path: this.path, text: this.saved });
    localStorage.removeItem(this.key);
    this.requestUpdate();
  }

  /** Save, and let kubectl apply it in the terminal: the learner sees what she could have typed. */
  private apply(): void {
    this.save();
    if (this.path.startsWith("/")) return;
    document.dispatchEvent(new CustomEvent("run-line", { detail: { line: `kubectl apply -f ${this.path}` } }));
  }

  protected override render(): TemplateResult {
    return html`<div class="code" @keydown=${(event: KeyboardEvent) => event.stopPropagation()}></div>
      <div class="note" role="status"><div class="row">${this.path.startsWith("/") ? nothing : html`<button class="btn" type="button" ?disabled=${this.state === "loading"} @click=${() => this.apply()}>${this.say("editor.apply")}<kbd>Ctrl ⏎</kbd></button>`}
        <button class="btn line" type="button" ?disabled=${this.code?.text === this.saved} @click=${() => this.save()}>${this.say("editor.save")}</button></div>
        ${this.verdict()}</div>`;
  }

  private verdict(): TemplateResult | typeof nothing {
    switch (this.state) {
      case "loading":
        return html`<p class="muted">${this.say("editor.loading")}</p>`;
      case "checking":
        return html`<p class="muted">${this.say("editor.checking")}</p>`;
      case "good":
        return html`<p><b>${this.say("editor.good")}</b></p>${this.said.map((line) => html`<p class="mono">${line.replace(" (server dry run)", "")}</p>`)}`;
      case "bad":
        return html`<p><b>${this.say("editor.bad")}</b></p><ul>${this.marked.map((mark) => html`<li><button type="button" @click=${() => this.code?.goTo(mark.line)}>${this.say("editor.line", { line: mark.line + 1 })}</button> ${mark.text}</li>`)}</ul>`;
      case "long":
        return html`<p><b>${this.say("editor.long")}</b></p>`;
    }
    return nothing;
  }
}
