/** One xterm: the terminal’s own text as it comes, and behind it the line that is being typed. Loaded when first used. */
import { FitAddon } from "@xterm/addon-fit";
import { type ITheme, Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import type { Lab } from "../../lab";
import type { Screen } from "../../state";
import { Colours, PALETTE } from "./colour";
import { type Deed, Line } from "./line";
import { type Painted, continued, erase, paint } from "./overlay";
import { touchScroll } from "./touch";
import { after } from "./width";

const TAIL = 200;
/** Characters that may be pasted at once: more is a file. */
const PASTED = 32_768;
/** The escape sequence by which an editor in the terminal asks for the page’s. */
const OPEN_FILE = 7001;
const NOTHING: Painted = { text: "", cursor: { row: 0, column: 0 } };

export class TerminalScreen {
  readonly terminal: Terminal;
  private readonly fit = new FitAddon();
  private readonly line = new Line();
  private colours = new Colours();
  private sent: { id: string; text: string }[] = [];
  private written = 0;
  private generation = -1;
  private column = 0;
  private painted = NOTHING;
  private size = "";
  private readonly opened = new Set<string>();
  /** The line at the last Tab. */
  private chosen = "";
  /** The end of what was written. */
  private ends = "";

  constructor(
    private readonly lab: Lab,
    private readonly id: string,
    private readonly leave: () => void,
  ) {
    const style = getComputedStyle(document.documentElement);
    this.terminal = new Terminal({
      fontFamily: style.getPropertyValue("--mono"),
      fontSize: 11,
      lineHeight: 1.36,
      cursorBlink: false,
      scrollback: 5000,
      theme: themeOf(style),
    });
    this.terminal.loadAddon(this.fit);
    this.terminal.attachCustomKeyEventHandler((event) => this.key(event));
    this.terminal.parser.registerOscHandler(OPEN_FILE, (path) => this.editor(path));
    this.terminal.onData((data) => this.type(data));
    document.addEventListener("theme", () => (this.terminal.options.theme = themeOf(getComputedStyle(document.documentElement))));
  }

  open(element: HTMLElement, label: string): void {
    withNonce(() => this.terminal.open(element));
    this.terminal.textarea?.setAttribute("aria-label", label);
    element.addEventListener("copy", () => setTimeout(() => this.terminal.clearSelection()));
    touchScroll(element, this.terminal);
    new ResizeObserver(() => this.resize()).observe(element);
    this.resize();
    this.update();
  }

  /** Whether a line is on its way whose echo has not come. */
  get waits(): boolean {
    return this.sent.length > 0;
  }

  /** As if it had been typed. */
  type(data: string): void {
    if (data.length > PASTED) {
      this.lab.notice = { kind: "notice", cursor: 0, code: "invalid", args: { message: this.lab.words.say("terminal.long", { most: PASTED }) } };
      this.lab.tell("change");
      return;
    }
    const deeds = this.line.type(data);
    for (const deed of deeds) this.act(deed);
    this.terminal.scrollToBottom();
    this.repaint("");
    if (deeds.length > 0) this.terminal.element?.closest(".pane")?.scrollTo({ left: 0 });
  }

  /** A line from elsewhere (a button): sent behind whatever is being typed. */
  send(text: string): void {
    this.act({ is: "line", text });
    this.repaint("");
  }

  /** Show what came since the last time. */
  update(): void {
    const screen = this.lab.store.state.screens.get(this.id);
    if (!screen) return;
    if (this.generation !== this.lab.store.generation && !this.stillHolds(screen)) this.begin();
    this.generation = this.lab.store.generation;
    const fresh = screen.text.slice(Math.max(0, screen.text.length - (screen.total - this.written)));
    const news = screen.total > this.written ? fresh : "";
    this.written = screen.total;
    this.ends = screen.text.slice(-TAIL);
    this.forget(news);
    this.repaint(news);
  }

  /** Whether what was written is still how the terminal’s text goes: a cut back seldom reaches it. */
  private stillHolds(screen: Screen): boolean {
    const older = screen.text.slice(0, screen.text.length - (screen.total - this.written));
    return this.generation >= 0 && screen.total >= this.written && older.endsWith(this.ends);
  }

  private begin(): void {
    this.terminal.reset();
    this.written = this.column = 0;
    this.painted = NOTHING;
    this.colours = new Colours();
  }

  /** Lines that came back as echo, or were refused, are not painted any more. */
  private forget(news: string): void {
    let rest = news;
    while (this.sent[0]) {
      const at = rest.indexOf(`${this.sent[0].text}\r\n`);
      if (at < 0) break;
      rest = rest.slice(at + this.sent[0].text.length);
      this.sent.shift();
    }
    this.sent = this.sent.filter((each) => !this.lab.refused.has(each.id));
  }

  private repaint(news: string): void {
    const columns = this.terminal.cols;
    const away = erase(this.painted, this.column);
    const fresh = news.slice(news.lastIndexOf("\n") + 1);
    this.column = after(fresh, columns, { row: 0, column: fresh === news ? this.column : 0 }).column % columns;
    const prompt = this.line.searching ?? this.lab.store.state.screens.get(this.id)?.prompt ?? "";
    const before = this.painted;
    this.painted = paint({ prompt, sent: this.sent.map((each) => each.text), typed: this.line.text, tail: this.line.tail }, this.column, columns);
    const more = news ? null : continued(before, this.painted);
    this.terminal.write(more ?? away + this.colours.paint(news) + this.painted.text);
  }

  private act(deed: Deed): void {
    const terminal = this.id;
    if (deed.is === "line") this.sent.push({ id: this.lab.command({ kind: "line", terminal, text: deed.text }), text: deed.text });
    else if (deed.is === "signal") this.lab.command({ kind: "signal", terminal, name: deed.name });
    else if (deed.is === "eof") this.lab.command({ kind: "eof", terminal });
    else this.terminal.write("\x1b[H\x1b[2J", () => (this.painted = NOTHING));
  }

  /** False: not for xterm. Only Ctrl+Shift+. leaves; Ctrl+C copies where something is selected. */
  private key(event: KeyboardEvent): boolean {
    if (event.type !== "keydown") return true;
    if (event.ctrlKey && event.shiftKey && event.code === "Period") {
      event.preventDefault();
      this.leave();
      return false;
    }
    if (event.key === "Tab") {
      event.preventDefault();
      if (!event.shiftKey) void this.complete();
      return false;
    }
    return !((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c" && this.terminal.hasSelection());
  }

  /** A program wants a file edited; what is only written again (after a reload) opens nothing. */
  private editor(path: string): boolean {
    if (this.lab.store.state.screens.get(this.id)?.busy && !this.opened.has(path)) document.dispatchEvent(new CustomEvent("open-file", { detail: { path } }));
    this.opened.add(path);
    return true;
  }

  /** Tab: finish the word, as far as there is no choice; at the second press say what there is to choose. */
  async complete(): Promise<void> {
    const head = this.line.head;
    const answer = await this.lab.ask({ kind: "complete", terminal: this.id, text: head });
    if (!answer || answer.words.length === 0 || this.line.head !== head) return;
    const typed = head.slice(answer.start);
    const shared = commonStart(answer.words);
    const only = answer.words.length === 1;
    if (shared.length > typed.length || only) this.line.complete(answer.start, shared + (only && !shared.endsWith("/") && !shared.endsWith("=") ? " " : ""));
    else if (this.chosen === head) this.choices(answer.words);
    this.chosen = this.line.head;
    this.repaint("");
  }

  /** Show what a word may become, above the line that is being typed. */
  private choices(words: readonly string[]): void {
    const width = Math.max(...words.map((word) => word.length)) + 2;
    const across = Math.max(1, Math.floor(this.terminal.cols / width));
    const rows = Array.from({ length: Math.ceil(words.length / across) }, (_, row) => words.slice(row * across, (row + 1) * across));
    this.terminal.write(`\r\n${rows.map((row) => row.map((word) => word.padEnd(width)).join("").trimEnd()).join("\r\n")}\r\n`);
    this.painted = NOTHING;
    this.column = 0;
  }

  private resize(): void {
    this.fit.fit();
    const { cols, rows } = this.terminal;
    if (this.size === `${cols} ${rows}` || !this.terminal.element?.offsetParent) return;
    this.size = `${cols} ${rows}`;
    this.generation = -1;
    this.lab.command({ kind: "resize", terminal: this.id, columns: cols, rows });
    this.update();
  }
}

/** What all words begin with. */
export function commonStart(words: readonly string[]): string {
  let shared = words[0] ?? "";
  for (const word of words) while (!word.startsWith(shared)) shared = shared.slice(0, -1);
  return shared;
}

/** xterm makes style elements while it opens: they need the page’s nonce, or the security policy drops them. */
function withNonce(open: () => void): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.nonce ?? "";
  const made = (tag: string): Element => Object.assign(document.createElementNS("http://www.w3.org/1999/xhtml", tag), tag === "style" ? { nonce } : {});
  Reflect.set(document, "createElement", made);
  try {
    open();
  } finally {
    Reflect.deleteProperty(document, "createElement");
  }
}

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "brightBlack", "brightRed", "brightGreen", "brightYellow", "brightBlue"] as const;

/** The page’s own colours: states have those of the vocabulary. */
function themeOf(style: CSSStyleDeclaration): ITheme {
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const states = Object.entries(PALETTE).map(([state, number]) => [NAMES[number], colour(state)]);
  return {
    background: colour("surface"),
    foreground: colour("ink"),
    cursor: colour("ink"),
    cursorAccent: colour("surface"),
    selectionBackground: colour("accent-soft"),
    ...(Object.fromEntries(states) as ITheme),
  };
}
