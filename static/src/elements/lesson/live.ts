import { type TemplateResult, html } from "lit";
import { valueNow } from "../../goals";
import { Written } from "./written";

/** A value of the cluster in the text, as it was at the instant that is shown. */
export class PodLive extends Written {
  protected override render(): TemplateResult {
    return html`${valueNow(this.lab.state, this.dataset.expr ?? "")}`;
  }
}
