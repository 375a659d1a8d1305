import { type TemplateResult, html, nothing } from "lit";
import { Written } from "./written";

/** A file of the lesson: to read here, and to open in the editor where there is one. */
export class PodManifest extends Written {
  protected override topics = [] as const;

  protected override render(): TemplateResult {
    const path = this.dataset.file ?? "";
    const editor = document.querySelector("pod-editor");
    const open = (): void => {
      document.dispatchEvent(new CustomEvent("open-file", { detail: { path } }));
    };
    return html`<div class="file"><code>${path}</code>${editor ? html`<button class="link" type="button" @click=${open}>${this.say("lesson.edit")}<span class="vh">: ${path}</span></button>` : nothing}</div>${this.written}`;
  }
}
