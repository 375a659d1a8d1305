import { type TemplateResult, html, nothing } from "lit";

/** A name of several words in one (a plugin’s, a condition’s), which may be broken between them. */
export function camel(name: string): TemplateResult {
  return html`${name.split(/(?<=[a-z])(?=[A-Z])/).map((each, at) => html`${at ? html`<wbr>` : nothing}${each}`)}`;
}
