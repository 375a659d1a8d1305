import { type TemplateResult, html, nothing } from "lit";
import { nodesOf, podsOf } from "../../objects";
import { servicesOf } from "../../services";
import { switchTheme } from "../../theme";
import { standing, wordsOf } from "../../vocabulary";
import type { PodClock } from "../clock/clock";
import { LabElement } from "../element";
import "./palette.css";

/** Something that can be done: what it is called, what stands beside it, and the deed. */
interface Entry {
  readonly name: string;
  readonly note: string;
  readonly act: () => void;
}

const MOST = 12;

/** All commands and all objects by their names: `Ctrl K` opens it, outside of the terminal. */
export class PodPalette extends LabElement {
  protected override topics = [] as const;
  private wanted = "";
  private chosen = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k") return;
      if ((event.target as Element).closest(".xterm, .cm-editor, dialog[open]")) return;
      event.preventDefault();
      this.open();
    });
  }

  private get dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  open(): void {
    this.wanted = "";
    this.chosen = 0;
    this.requestUpdate();
    this.dialog?.showModal();
    const input = this.querySelector("input");
    if (input) input.value = "";
    input?.focus();
  }

  protected override render(): TemplateResult {
    const found = this.found();
    return html`<dialog aria-label=${this.say("palette.title")}>
      <input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" aria-activedescendant=${found.length ? `palette-${this.chosen}` : nothing}
        aria-label=${this.say("palette.title")} placeholder=${this.say("palette.hint")} autocomplete="off" spellcheck="false" @input=${(event: InputEvent) => this.type(event)} @keydown=${(event: KeyboardEvent) => this.key(event, found)}>
      <ul id="palette-list" role="listbox" aria-label=${this.say("palette.title")}>${found.map(
        (each, i) => html`<li id="palette-${i}" role="option" aria-selected=${i === this.chosen} @click=${() => this.act(each)}><span>${each.name}</span><span class="muted">${each.note}</span></li>`,
      )}</ul>${found.length ? nothing : html`<p class="muted">${this.say("palette.nothing")}</p>`}</dialog>`;
  }

  private type(event: InputEvent): void {
    this.wanted = (event.target as HTMLInputElement).value;
    this.chosen = 0;
    this.requestUpdate();
  }

  private key(event: KeyboardEvent, found: readonly Entry[]): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const entry = found[this.chosen];
    if (step && found.length) this.chosen = (this.chosen + step + found.length) % found.length;
    else if (event.key === "Enter" && entry) this.act(entry);
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.requestUpdate();
  }

  private act(entry: Entry): void {
    this.dialog?.close();
    entry.act();
  }

  /** What has every word that was typed, commands first where nothing was. */
  private found(): Entry[] {
    if (!this.lab.begun) return [];
    const words = this.wanted.toLowerCase().split(/\s+/).filter(Boolean);
    const all = [...this.commands(), ...this.objects()];
    return all.filter((each) => words.every((word) => `${each.name} ${each.note}`.toLowerCase().includes(word))).slice(0, MOST);
  }

  private commands(): Entry[] {
    const { socket, clock } = this.lab;
    const press = (selector: string) => () => document.querySelector<HTMLElement>(selector)?.click();
    const speeds = ([1, 10, 60] as const).map((speed) => ({ name: this.say("palette.speed", { speed }), note: { 1: "1", 10: "2", 60: "3" }[speed], act: () => socket.clock("run", speed) }));
    return [
      { name: this.say(clock.anchor.paused ? "clock.run" : "clock.pause"), note: "Space", act: () => document.querySelector<PodClock>("pod-clock")?.toggle() },
      ...speeds,
      { name: this.say("clock.live"), note: "", act: () => this.lab.lookAt(null) },
      { name: this.say("faults.title"), note: "", act: press("[data-faults]") },
      { name: this.say("palette.text"), note: "", act: press("[data-as-text]") },
      { name: this.say("palette.theme"), note: "", act: switchTheme },
      { name: this.say("palette.pin"), note: "P", act: () => this.lab.pin() },
      { name: this.say("keys.title"), note: "?", act: press("[data-keys]") },
    ];
  }

  private objects(): Entry[] {
    const { state } = this.lab;
    const go = (uid: string) => () => this.lab.select(uid);
    return [
      ...podsOf(state).map((pod) => ({ name: pod.metadata.name, note: `Pod · ${wordsOf(standing(pod), this.words)}`, act: go(pod.metadata.uid) })),
      ...servicesOf(state).map((each) => ({ name: each.metadata.name, note: "Service", act: go(each.metadata.uid) })),
      ...nodesOf(state).map((each) => ({ name: each.metadata.name, note: "Node", act: go(each.metadata.uid) })),
    ];
  }
}
