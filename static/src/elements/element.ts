import { LitElement } from "lit";
import { theLab } from "../current";
import type { Lab, Topic } from "../lab";
import type { Words } from "../texts";

/** What all elements of the lab share: they draw into the page itself (one stylesheet, no shadow) and are drawn anew at their topics. */
export abstract class LabElement extends LitElement {
  readonly lab: Lab = theLab();
  readonly words: Words = this.lab.words;
  protected topics: readonly Topic[] = ["change"];
  private stops: (() => void)[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stops = this.topics.map((topic) => this.lab.on(topic, () => this.heard(topic)));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.stops) stop();
  }

  /** Something happened on a topic: draws anew, unless the element knows better. */
  protected heard(topic: Topic): void {
    if (this.topics.includes(topic)) this.requestUpdate();
  }

  protected say(key: string, args: Record<string, string | number> = {}): string {
    return this.words.say(key, args);
  }
}
