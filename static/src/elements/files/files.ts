import { type PropertyDeclarations, type TemplateResult, html, nothing } from "lit";
import { LabElement } from "../element";
import { icon } from "../marks";
import "./files.css";

const NAME = /^[\w][\w.-]{0,60}\.ya?ml$/;

/** Opens files: those that lie in the learner’s home, and new ones. */
export class PodFiles extends LabElement {
  static override properties: PropertyDeclarations = { files: { state: true } };
  declare files: readonly string[];
  protected override topics = [] as const;

  constructor() {
    super();
    this.files = [];
  }

  protected override render(): TemplateResult {
    return html`<button class="tab add" type="button" popovertarget="files-menu" aria-label=${this.say("editor.files")}>${icon("doc")}</button>
      <div id="files-menu" popover @beforetoggle=${(event: ToggleEvent) => void this.opened(event)}>
        <h3>${this.say("editor.files")}</h3>
        ${this.files.length ? html`<ul>${this.files.map((file) => html`<li><button type="button" @click=${() => this.open(file)}>${file}</button></li>`)}</ul>` : nothing}
        <form @submit=${(event: SubmitEvent) => this.make(event)}><label>${this.say("editor.new")}<input name="file" required pattern="[\\w][\\w.\\-]*\\.ya?ml" placeholder="pod.yaml" autocomplete="off"></label><button class="btn line">+</button></form>
      </div>`;
  }

  private async opened(event: ToggleEvent): Promise<void> {
    if (event.newState !== "open") return;
    const answer = await this.lab.ask({ kind: "read", path: "" });
    this.files = answer?.files ?? [];
  }

  private make(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const name = new FormData(form).get("file");
    if (typeof name === "string" && NAME.test(name)) this.open(name);
    form.reset();
  }

  private open(path: string): void {
    this.querySelector<HTMLElement>("#files-menu")?.hidePopover();
    document.dispatchEvent(new CustomEvent("open-file", { detail: { path } }));
  }
}
