import { type TemplateResult, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { LabElement } from "../element";
import { fetchElement } from "../index";
import { icon } from "../marks";
import { type LogLine, isFlood, lastLines } from "./log";
import { readerMode, setReaderMode } from "./reader";
import type { TerminalScreen } from "./screen";
import "./terminals.css";

const TAPS = ["kubectl get pods -w", "kubectl get pods -o wide", "kubectl get events"];

/** Keys that a phone lacks: what is shown, its label, what it types. */
const KEYS = [
  ["Tab", "terminal.complete", "\t"],
  ["↑", "terminal.previous", "\x1b[A"],
  ["↓", "terminal.next", "\x1b[B"],
  ["←", "terminal.left", "\x1b[D"],
  ["→", "terminal.right", "\x1b[C"],
  ["Ctrl-R", "terminal.search", "\x12"],
  ["Ctrl-C", "terminal.stop", "\x03"],
  ["Ctrl-D", "terminal.end", "\x04"],
  ["|", "terminal.pipe", "|"],
  ["-", "terminal.dash", "-"],
  ["/", "terminal.slash", "/"],
] as const;

const PHONE = matchMedia("(max-width: 760px)");

/** The learner’s terminals, in tabs or side by side. Until one is used its text is painted; then xterm is loaded. */
export class PodTerminals extends LabElement {
  protected override topics = ["change", "output"] as const;
  private shown = "1";
  /** Whether all terminals are shown at once; on a phone one is. */
  private beside = false;
  private reader = readerMode();
  private told = new Map<string, readonly LogLine[]>();
  private readonly screens = new Map<string, TerminalScreen>();
  private readonly loading = new Set<string>();
  private asked = new Set<string>();
  /** How much was painted when a terminal’s text was scrolled to its end. */
  private readonly painted = new WeakMap<HTMLElement, number>();
  /** Files that are open beside the terminals: name → text to begin with, null: the file’s own. */
  private readonly files = new Map<string, string | null>();

  override connectedCallback(): void {
    super.connectedCallback();
    PHONE.addEventListener("change", () => this.requestUpdate());
    document.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-run]");
      if (button?.dataset.run) this.run(button.dataset.run, button.dataset.terminal);
    });
    document.addEventListener("run-line", (event) => this.run((event as CustomEvent<{ line: string }>).detail.line));
    document.addEventListener("open-file", (event) => {
      const { path, text } = (event as CustomEvent<{ path: string; text?: string }>).detail;
      void this.openFile(path, text ?? null);
    });
  }

  protected override heard(topic: string): void {
    if (topic === "output") for (const screen of this.screens.values()) screen.update();
    this.requestUpdate();
  }

  /** Open a file of the learner’s home in a tab of its own (`text`: instead of what is in it). */
  async openFile(path: string, text: string | null): Promise<void> {
    await fetchElement("pod-editor");
    if (!this.files.has(path)) this.files.set(path, text);
    this.show(`file:${path}`);
    if (PHONE.matches) location.hash = "term";
  }

  /** Run a line in a terminal (by default the one that is shown, or the first), as if the learner had typed it. */
  run(line: string, terminal = ""): void {
    const ids = this.ids();
    if (terminal && terminal !== this.shown) {
      if (!ids.includes(terminal)) this.ask(terminal);
      this.show(terminal);
    } else if (this.shown.startsWith("file:")) this.show(ids[0] ?? "1");
    const screen = this.screens.get(this.shown);
    if (screen) screen.send(line);
    else this.lab.command({ kind: "line", terminal: this.shown, text: line });
    if (PHONE.matches) location.hash = "term";
  }

  protected override render(): TemplateResult {
    const ids = this.ids();
    return html`<div class="tabs"><div role="tablist" aria-label=${this.say("terminal.tabs")}>${repeat(ids, (id) => id, (id) => this.tab(id, ids.length > 1))}${repeat(this.files.keys(), (path) => path, (path) => this.fileTab(path))}</div>
        ${this.shown.startsWith("file:") ? html`<button class="tab x" type="button" aria-label=${this.say("editor.close", { file: this.shown.slice(5) })} @click=${() => this.closeFile(this.shown.slice(5))}>×</button>` : nothing}
        ${ids.length > 1 && !this.shown.startsWith("file:") ? html`<button class="tab x" type="button" aria-label=${this.say("terminal.close", { id: this.shown })} @click=${() => this.close(this.shown)}>×</button>` : nothing}
        <button class="tab add" type="button" aria-label=${this.say("terminal.new")} @click=${() => this.add(ids)}>+</button><pod-files></pod-files>
        ${ids.length > 1 && !PHONE.matches ? this.toggle("terminal.beside", this.beside, () => (this.beside = !this.beside)) : nothing}
        <span class="sp"></span>${this.paused()}<span class="leave muted">${this.say("terminal.leave")}</span>${this.toggle("terminal.reader", this.reader, () => this.read(!this.reader))}</div>
      <div class="panes">${repeat(ids, (id) => id, (id) => this.panel(id))}
      ${repeat(this.files, ([path]) => path, ([path, text]) => this.filePanel(path, text))}</div>
      <div class="taps" ?hidden=${this.shown.startsWith("file:")} role="group" aria-label=${this.say("terminal.taps")}>
        <div>${KEYS.map(([shown, label, keys]) => this.tap(shown, label, keys))}</div>
        <div>${this.taps().map((line) => html`<button type="button" data-run=${line}>${line.replace("kubectl ", "")}</button>`)}</div></div>`;
  }

  private toggle(label: string, on: boolean, press: () => void): TemplateResult {
    const act = (): void => {
      press();
      this.requestUpdate();
    };
    return html`<button class="tab ${label.replace("terminal.", "")}" type="button" aria-pressed=${on} @click=${act}>${label === "terminal.beside" ? icon("beside") : nothing}${this.say(label)}</button>`;
  }

  private read(on: boolean): void {
    this.reader = on;
    setReaderMode(on);
    for (const screen of this.screens.values()) screen.terminal.options.screenReaderMode = on;
  }

  /** On a paused clock a command that takes time waits: says for which instant. */
  private paused(): TemplateResult | typeof nothing {
    const { clock, store } = this.lab;
    const next = store.next();
    const waits = (store.state.screens.get(this.shown)?.busy ?? true) || (this.screens.get(this.shown)?.waits ?? false);
    return clock.anchor.paused && waits && next !== null ? html`<span class="paused">${this.say("terminal.paused", { time: clock.text(next, true) })}</span>` : nothing;
  }

  private ids(): string[] {
    const known = [...this.lab.store.state.screens.keys()];
    return [...new Set([...(known.length > 0 ? known : ["1"]), ...this.asked])].sort((a, b) => Number(a) - Number(b));
  }

  protected override updated(): void {
    const known = this.lab.store.state.screens;
    if (this.lab.begun && known.size === 0 && !this.asked.has("1")) this.ask("1");
    if (!this.shown.startsWith("file:") && !this.ids().includes(this.shown)) this.show(this.ids()[0] ?? "1");
    for (const log of this.querySelectorAll<HTMLElement>(".painted")) this.scrollDown(log);
  }

  /** To the end of what was painted, where there is more of it: to ask for its height costs a layout. */
  private scrollDown(log: HTMLElement): void {
    const painted = this.lab.store.state.screens.get(log.dataset.id ?? "")?.total ?? 0;
    if (painted === this.painted.get(log)) return;
    log.scrollTop = log.scrollHeight;
    if (log.clientHeight > 0) this.painted.set(log, painted);
  }

  private ask(id: string): void {
    this.asked.add(id);
    this.lab.command({ kind: "open", terminal: id, columns: 80, rows: 12 });
  }

  private add(ids: string[]): void {
    const id = String(Math.max(0, ...ids.map(Number)) + 1);
    this.ask(id);
    this.show(id);
    void this.load(id);
  }

  private close(id: string): void {
    this.asked.delete(id);
    this.screens.get(id)?.terminal.dispose();
    this.screens.delete(id);
    this.lab.store.close(id);
    this.lab.command({ kind: "close", terminal: id });
    this.requestUpdate();
  }

  private show(id: string): void {
    this.shown = id;
    this.requestUpdate();
  }

  private tab(id: string, several: boolean): TemplateResult {
    const on = id === this.shown;
    const name = several ? `${this.say("terminal")} ${id}` : this.say("terminal");
    return html`<button class="tab ${on ? "on" : ""}" type="button" role="tab" id="tab-${id}" aria-selected=${on} aria-controls="panel-${id}" @click=${() => this.show(id)}>${icon("term")}${name}</button>`;
  }

  private fileTab(path: string): TemplateResult {
    const on = this.shown === `file:${path}`;
    return html`<button class="tab ${on ? "on" : ""}" type="button" role="tab" data-tab="file:${path}" id="tab-file-${path}" aria-selected=${on} aria-controls="panel-file-${path}" @click=${() => this.show(`file:${path}`)}>${icon("doc")}${path.split("/").at(-1)}</button>`;
  }

  private filePanel(path: string, text: string | null): TemplateResult {
    return html`<div class="pane" role="tabpanel" id="panel-file-${path}" aria-labelledby="tab-file-${path}" ?hidden=${this.shown !== `file:${path}`}><pod-editor .path=${path} .given=${text}></pod-editor></div>`;
  }

  private closeFile(path: string): void {
    this.files.delete(path);
    this.show(this.ids()[0] ?? "1");
  }

  private panel(id: string): TemplateResult {
    const live = this.screens.has(id);
    const hidden = id !== this.shown && (!this.beside || PHONE.matches);
    const use = (): void => {
      if (id !== this.shown) this.show(id);
      void this.load(id);
    };
    return html`<div class="pane ${id === this.shown ? "on" : ""}" role="tabpanel" id="panel-${id}" aria-labelledby="tab-${id}" ?hidden=${hidden} @focusin=${use} @pointerdown=${use}>
      ${this.log(id, live)}
      <div class="xterm-host" data-id=${id} ?hidden=${!live}></div></div>`;
  }

  /** The end of the terminal’s text: painted until xterm is there, then for screen readers (unless xterm speaks to them itself). */
  private log(id: string, live: boolean): TemplateResult {
    const screen = this.lab.store.state.screens.get(id);
    const lines = screen ? lastLines(screen) : [];
    const quiet = isFlood(this.told.get(id) ?? [], lines) || (live && this.reader);
    this.told.set(id, lines);
    return html`<pre class=${live ? "painted vh" : "painted"} data-id=${id} tabindex=${live ? -1 : 0} role="log" aria-live=${quiet ? "off" : "polite"} aria-label=${this.say("terminal.log")}>${repeat(
      lines,
      (line) => line.key,
      (line) => html`<span>${line.text}</span>`,
    )}${live ? nothing : html`${screen?.prompt ?? ""}<span class="caret"> </span>`}</pre>`;
  }

  /** Lines to tap: those that always help, and the selected Pod’s own. */
  private taps(): string[] {
    const subject = this.lab.subject;
    return subject?.kind === "Pod" ? [...TAPS, `kubectl describe pod ${subject.metadata.name}`] : TAPS;
  }

  /** A key of the screen; it leaves the focus where it is, so that the phone’s keyboard stays. */
  private tap(shown: string, label: string, keys: string): TemplateResult {
    return html`<button type="button" aria-label=${`${shown} ${this.say(label)}`} @mousedown=${(event: Event) => event.preventDefault()} @click=${() => this.keys(keys)}>${shown}</button>`;
  }

  private keys(keys: string): void {
    void this.load(this.shown).then(() => {
      const screen = this.screens.get(this.shown);
      if (keys === "\t") void screen?.complete();
      else screen?.type(keys);
    });
  }

  /** The terminal is used for the first time: bring xterm, and put the cursor into it. */
  private async load(id: string): Promise<void> {
    if (this.screens.has(id) || this.loading.has(id)) return;
    this.loading.add(id);
    const { TerminalScreen } = await import("./screen");
    const screen = new TerminalScreen(this.lab, id, () => this.querySelector<HTMLElement>(`#tab-${id}`)?.focus());
    this.screens.set(id, screen);
    this.requestUpdate();
    await this.updateComplete;
    this.loading.delete(id);
    const host = this.querySelector<HTMLElement>(`.xterm-host[data-id="${id}"]`);
    if (!host) {
      this.screens.delete(id);
      return;
    }
    screen.open(host, this.say("terminal.input"));
    screen.terminal.options.screenReaderMode = this.reader;
    screen.terminal.focus();
  }
}

