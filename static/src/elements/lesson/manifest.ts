import { type TemplateResult, html } from "lit";
import { Written } from "./written";

/** A file of the lesson: to read here, and to open in the editor (as the learner has it, where it lies in her home). */
export class PodManifest extends Written {
  protected override topics = [] as const;

  protected override render(): TemplateResult {
    const path = this.dataset.file ?? "";
    const text = this.written.map((each) => each.textContent).join("");
    const open = (): void => {
      document.dispatchEvent(new CustomEvent("open-file", { detail: this.dataset.home ? { path } : { path, text } }));
    };
    return html`<div class="file"><code>${path}</code><button class="link" type="button" @click=${open}>${this.say("lesson.edit")}<span class="vh">: ${path}</span></button></div>${this.written}`;
  }
}
