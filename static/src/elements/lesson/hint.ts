import { type TemplateResult, html, nothing } from "lit";
import { type HintNow, hintsNow } from "../../goals";
import type { Lab } from "../../lab";
import { Written, inline } from "./written";

/** Where an author wants a hint to stand: nothing until it is raised. */
export class PodHint extends Written {
  protected override render(): TemplateResult | typeof nothing {
    const found = hintsNow(this.lab.store.state).find(([id]) => id === this.dataset.id);
    return found ? hintView(this.lab, found[1]) : nothing;
  }
}

/** A hint in the reader’s language. */
export function hintView(lab: Lab, hint: HintNow): TemplateResult {
  const text = hint.text?.[lab.boot.language] ?? hint.text?.en ?? Object.values(hint.text ?? {})[0] ?? "";
  return html`<p class="hint" role="note"><b>${lab.words.say("lesson.hint")}</b> ${inline(text)}</p>`;
}
