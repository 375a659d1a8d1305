import { type TemplateResult, html } from "lit";
import { LabElement } from "../element";

/** A part of the lesson that the server has written: what stood in it is kept in `written`, and can be shown again. */
export abstract class Written extends LabElement {
  protected written: readonly ChildNode[] = [];
  private taken = false;

  override connectedCallback(): void {
    if (!this.taken) this.take();
    this.taken = true;
    super.connectedCallback();
  }

  /** Once, when the element comes to life: take the server’s words out of the page; the element draws in their place. */
  protected take(): void {
    this.written = [...this.childNodes];
    for (const each of this.written) each.remove();
  }
}

/** Text of an author’s title or hint: plain but for `code` and *stress*. */
export function inline(text: string): TemplateResult[] {
  return text.split(/(`[^`]+`|\*[^*\s][^*]*\*)/).map((part) => {
    if (part.length > 2 && part.startsWith("`")) return html`<code>${part.slice(1, -1)}</code>`;
    return part.length > 2 && part.startsWith("*") ? html`<em>${part.slice(1, -1)}</em>` : html`${part}`;
  });
}
