/** Line editing, done in the page: what the keys make of a line before it is sent. Pure but for its own text. */

import { History } from "./history";

/** What a key did besides editing. */
export type Deed = { is: "line"; text: string } | { is: "signal"; name: "INT" | "TSTP" | "QUIT" } | { is: "eof" } | { is: "clear" };

export class Line {
  private before: string[] = [];
  private behind: string[] = [];
  private readonly history = new History();
  private killed = "";

  get text(): string {
    return this.before.join("") + this.behind.join("");
  }

  /** What stands right of the cursor. */
  get tail(): string {
    return this.behind.join("");
  }

  /** What stands left of the cursor. */
  get head(): string {
    return this.before.join("");
  }

  /** What stands in the prompt’s place while a line is searched (Ctrl-R), or null. */
  get searching(): string | null {
    return this.history.prompt;
  }

  /** Put `word` in the place of what stands from `start` to the cursor. */
  complete(start: number, word: string): void {
    this.history.settle();
    this.before = Array.from(this.head.slice(0, start) + word);
  }

  /** Put what was typed or pasted into the line; returns what there is to do, in order. */
  type(data: string): Deed[] {
    const deeds: Deed[] = [];
    for (const key of keysOf(data)) {
      const deed = this.key(key);
      if (deed) deeds.push(deed);
    }
    return deeds;
  }

  private key(key: string): Deed | null {
    const found = this.history.search(key, this.text);
    if (found !== null) {
      this.set(found);
      return null;
    }
    switch (key) {
      case "\r":
      case "\n":
        return this.enter();
      case "\x03":
        return this.abandon("INT");
      case "\x1a":
        return this.abandon("TSTP");
      case "\x1c":
        return this.abandon("QUIT");
      case "\x0c":
        return { is: "clear" };
      case "\x04":
        if (this.text === "") return { is: "eof" };
        this.behind.shift();
        return null;
    }
    if (!this.edit(key) && !this.move(key) && key >= " " && key !== "\x7f" && !key.startsWith("\x1b")) this.before.push(key);
    return null;
  }

  private enter(): Deed {
    const text = this.text;
    this.history.add(text);
    this.set("");
    return { is: "line", text };
  }

  private abandon(name: "INT" | "TSTP" | "QUIT"): Deed {
    this.set("");
    this.history.rest();
    return { is: "signal", name };
  }

  private edit(key: string): boolean {
    switch (key) {
      case "\x7f":
      case "\b":
        this.before.pop();
        return true;
      case "\x1b[3~":
        this.behind.shift();
        return true;
      case "\x15":
        this.killed = this.before.join("");
        this.before = [];
        return true;
      case "\x0b":
        this.killed = this.tail;
        this.behind = [];
        return true;
      case "\x17":
        this.killed = this.cutWord();
        return true;
      case "\x19":
        this.before.push(...Array.from(this.killed));
        return true;
    }
    return false;
  }

  private move(key: string): boolean {
    switch (key) {
      case "\x1b[D":
      case "\x02":
        this.left(1);
        return true;
      case "\x1b[C":
      case "\x06":
        this.right(1);
        return true;
      case "\x1b[H":
      case "\x01":
        this.left(Infinity);
        return true;
      case "\x1b[F":
      case "\x05":
        this.right(Infinity);
        return true;
      case "\x1b[1;5D":
      case "\x1bb":
        this.left(this.wordBefore());
        return true;
      case "\x1b[1;5C":
      case "\x1bf":
        this.right(/^\W*\w*/.exec(this.tail)?.[0].length ?? 0);
        return true;
      case "\x1b[A":
      case "\x10":
        this.recall(-1);
        return true;
      case "\x1b[B":
      case "\x0e":
        this.recall(1);
        return true;
    }
    return false;
  }

  private left(count: number): void {
    for (let i = 0; i < count && this.before.length > 0; i++) this.behind.unshift(this.before.pop() ?? "");
  }

  private right(count: number): void {
    for (let i = 0; i < count && this.behind.length > 0; i++) this.before.push(this.behind.shift() ?? "");
  }

  private wordBefore(): number {
    return /\w*\W*$/.exec(this.before.join(""))?.[0].length ?? 0;
  }

  private cutWord(): string {
    const length = Array.from(/\S*\s*$/.exec(this.before.join(""))?.[0] ?? "").length;
    return length > 0 ? this.before.splice(-length).join("") : "";
  }

  /** Older (-1) and newer (1) lines. */
  private recall(by: number): void {
    const text = this.history.walk(by, this.text);
    if (text !== null) this.set(text);
  }

  private set(text: string): void {
    this.before = Array.from(text);
    this.behind = [];
  }
}

/** Keys out of what xterm tells: escape sequences whole, everything else by character. */
export function keysOf(data: string): string[] {
   
  return data.match(/\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|\x1b[a-z]|\r\n|[\s\S]/gu)?.map((key) => (key === "\r\n" ? "\r" : key.replace(/^\x1bO/, "\x1b["))) ?? [];
}
