import { type TemplateResult, html } from "lit";
import type { PodClock } from "../clock/clock";
import { LabElement } from "../element";
import type { PodTimeline } from "../timeline/timeline";
import "./keys.css";

const SHOWN: readonly [string, string][] = [
  ["Space", "keys.run"],
  ["1 2 3", "keys.speed"],
  ["← →", "keys.change"],
  ["Shift ← →", "keys.second"],
  ["g g · g c · g t · g w", "keys.go"],
  ["↑ ↓ ← →", "keys.arrows"],
  ["Enter", "keys.inspect"],
  ["P", "keys.pin"],
  ["Ctrl K", "keys.palette"],
  ["Ctrl Shift .", "keys.leave"],
  ["?", "keys.help"],
  ["Esc", "keys.close"],
];
const PLACES: Record<string, string> = { g: "guide", c: "cluster", t: "term", w: "why" };
const SPEEDS = { "1": 1, "2": 10, "3": 60 } as const;

/** The page’s keys, and the sheet that lists them (`?`). In the terminal and in fields every key is theirs. */
export class PodKeys extends LabElement {
  protected override topics = [] as const;
  private going = false;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("click", (event) => {
      if ((event.target as Element).closest("[data-keys]")) this.open();
    });
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-label=${this.say("keys.title")}><h2>${this.say("keys.title")}</h2>
      <table><tbody>${SHOWN.map(([key, does]) => html`<tr><th scope="row"><kbd>${key}</kbd></th><td>${this.say(does)}</td></tr>`)}</tbody></table>
      <form method="dialog"><button class="btn">${this.say("keys.close")}</button></form></dialog>`;
  }

  private open(): void {
    this.querySelector("dialog")?.showModal();
  }

  private press(event: KeyboardEvent): void {
    const target = event.target as Element;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select, dialog[open], .xterm, [contenteditable]")) return;
    const onButton = target.closest("button, a, [role=button]") !== null;
    if (this.going) this.go(event.key);
    else if (event.key === "g") this.going = true;
    else if (event.key === "?") this.open();
    else if (event.key.toLowerCase() === "p") this.lab.pin();
    else if (event.key === " " && !onButton) document.querySelector<PodClock>("pod-clock")?.toggle();
    else if (event.key in SPEEDS) this.lab.socket.clock("run", SPEEDS[event.key as keyof typeof SPEEDS]);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") document.querySelector<PodTimeline>("pod-timeline")?.step(event.key === "ArrowLeft" ? -1 : 1, event.shiftKey);
    else return;
    event.preventDefault();
  }

  /** The second key of `g …`. */
  private go(key: string): void {
    this.going = false;
    const place = PLACES[key];
    if (!place) return;
    if (matchMedia("(max-width: 1280px)").matches) location.hash = place;
    const part = document.getElementById(place);
    (part?.querySelector<HTMLElement>(".pane.on .xterm-helper-textarea, .pane.on .painted:not(.vh), [data-pod][tabindex='0']") ?? part)?.focus();
  }
}
