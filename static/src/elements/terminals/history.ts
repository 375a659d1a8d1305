/** Lines that were sent before: walked through with the arrows, searched with Ctrl-R as bash does. Pure but for its own place. */

const MOST = 500;

export class History {
  private readonly lines: string[] = [];
  private place = 0;
  private draft = "";
  private query: string | null = null;
  private failed = false;

  /** What stands in the prompt’s place while a line is searched, or null. */
  get prompt(): string | null {
    return this.query === null ? null : `(${this.failed ? "failed " : ""}reverse-i-search)\`${this.query}': `;
  }

  /** A line was sent. */
  add(text: string): void {
    if (text.trim() && text !== this.lines.at(-1)) this.lines.push(text);
    if (this.lines.length > MOST) this.lines.shift();
    this.rest();
  }

  /** Back behind the newest line; a search ends. */
  rest(): void {
    this.place = this.lines.length;
    this.query = null;
  }

  /** The line older (-1) or newer (1) than where it is; what was being typed is the newest. Null: there is none. */
  walk(by: number, now: string): string | null {
    const next = this.place + by;
    if (next < 0 || next > this.lines.length) return null;
    if (this.place === this.lines.length) this.draft = now;
    this.place = next;
    return this.lines[next] ?? this.draft;
  }

  /** Give a key to the search (Ctrl-R begins one): the line to show, or null where the key is for the line itself. */
  search(key: string, now: string): string | null {
    if (key === "\x12") return this.query === null ? this.begin(now) : this.find(this.place - 1, now);
    if (this.query === null) return null;
    if (key === "\x07" || key === "\x1b") {
      this.rest();
      return this.draft;
    }
    if (key === "\x7f" || key === "\b") {
      this.query = Array.from(this.query).slice(0, -1).join("");
      return this.query === "" ? this.begin(this.draft) : this.find(this.lines.length - 1, now);
    }
    if (key < " " || key.startsWith("\x1b")) {
      this.query = null;
      return null;
    }
    this.query += key;
    return this.find(Math.min(this.place, this.lines.length - 1), now);
  }

  /** The search has found what was wanted. */
  settle(): void {
    this.query = null;
  }

  private begin(now: string): string {
    this.rest();
    this.draft = now;
    this.query = "";
    this.failed = false;
    return now;
  }

  /** The newest line at or before `from` that holds the query. */
  private find(from: number, now: string): string {
    const { query } = this;
    const found = query === "" ? -1 : this.lines.findLastIndex((line, i) => i <= from && line.includes(query ?? ""));
    this.failed = query !== "" && found < 0;
    if (found < 0) return now;
    this.place = found;
    return this.lines[found] ?? now;
  }
}
