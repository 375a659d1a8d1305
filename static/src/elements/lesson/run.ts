import { type TemplateResult, html, nothing } from "lit";
import { Written } from "./written";

/** Commands that run on a click, a button a line, and one for all of them; a text that goes on over several lines runs as a whole. */
export class PodRun extends Written {
  protected override topics = [] as const;
  private commands: readonly string[] = [];

  protected override take(): void {
    this.commands = commandsOf(this.textContent);
    super.take();
  }

  protected override render(): TemplateResult {
    const { terminal = "" } = this.dataset;
    return html`${terminal ? html`<span class="where-run">${this.say("lesson.terminal", { id: terminal })}</span>` : nothing}
      ${this.commands.map((each) => html`<button class="run" type="button" data-run=${each} data-terminal=${terminal || "1"}>
        <span class="go"><svg aria-hidden="true" viewBox="0 0 8 8"><use href="#i-play"></use></svg></span><span>${each}</span><span class="vh">${this.say("lesson.run")}</span></button>`)}
      ${this.commands.length > 1 ? html`<button class="link run-all" type="button" @click=${() => this.all()}>${this.say("lesson.run.all", { count: this.commands.length })}</button>` : nothing}`;
  }

  /** One after the other, as typed ahead: the next reaches whatever the one before has led to (`ssh`). */
  private all(): void {
    for (const each of this.querySelectorAll<HTMLElement>("[data-run]")) each.click();
  }
}

/** The commands of a block: its lines, or all of it where a line is continued or brings text with it. */
export function commandsOf(block: string): string[] {
  const lines = block.split("\n").filter((line) => line.trim());
  return lines.some((line) => line.endsWith("\\") || line.includes("<<")) ? [block.trimEnd()] : lines;
}
