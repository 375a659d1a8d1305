import { type TemplateResult, html, nothing } from "lit";
import { LabElement } from "../element";
import "./offline.css";

/** The bar above the time line that says what is wrong with the session, and what happens next. Empty while all is well. */
export class PodOffline extends LabElement {
  protected override topics = ["change", "tick"] as const;
  private shown = "";

  protected override heard(): void {
    if (this.sentence() !== this.shown) this.requestUpdate();
  }

  protected override render(): TemplateResult | typeof nothing {
    this.shown = this.sentence();
    if (!this.shown) return nothing;
    const before = this.lastGood();
    const back = html`<button class="btn" type="button" @click=${() => this.lab.lookAt(before)}>${this.say("notice.before")}</button>`;
    return html`<p class="trouble" role="alert"><span>${this.shown}</span>${before === null ? nothing : back}</p>`;
  }

  /** The instant before a session was paused; null where it was not. */
  private lastGood(): number | null {
    const { link, notice } = this.lab;
    const t = link.is === "online" && notice?.code === "livelock" ? Number(notice.args.t) : NaN;
    return Number.isFinite(t) ? t - 1000 : null;
  }

  private sentence(): string {
    const { link, clock, notice } = this.lab;
    if (link.is === "refused") return this.say("state.refused");
    if (link.is === "offline") {
      const seconds = Math.max(1, Math.ceil((link.retryAt - performance.now()) / 1000));
      return this.say(this.lab.begun ? "state.offline" : "state.unreachable", { time: clock.text(this.lab.offlineSince), seconds });
    }
    if (!notice || notice.code === "catching-up" || notice.code === "slowed") return "";
    return this.say(`notice.${notice.code}`, { message: "", parties: "", time: clock.text(Number(notice.args.t)), ...notice.args }).trim();
  }
}
