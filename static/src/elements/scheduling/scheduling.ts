import { type PropertyDeclarations, type TemplateResult, html, nothing } from "lit";
import type { Pod } from "../../kube";
import { condition } from "../../kube";
import { nodesOf, podsOf } from "../../objects";
import type { Explanation } from "../../wire";
import { LabElement } from "../element";
import { points } from "./points";
import "./scheduling.css";
import { victims } from "./victims";
import { waiting } from "./waiting";

const PATIENCE_MS = 700;
/** How often it is asked again where the answer came too early, and after how long. */
const AGAIN = 5;
const AGAIN_MS = 1000;

/** The scheduler’s whole table of the selected Pod: who refuses it and what would change that; or why this node and not that one. */
export class PodScheduling extends LabElement {
  static override properties: PropertyDeclarations = { answer: { state: true } };
  declare answer: Explanation | null;
  private about = "";
  private uid = "";
  /** Its node, "" while it waits: then something else is to be told. */
  private place = "";
  private early = 0;
  private open = false;
  private timer = 0;

  constructor() {
    super();
    this.answer = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.heard();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.timer = 0;
    this.about = "";
  }

  /** Ask where something that the answer depends on is different; seldom, whatever happens meanwhile. */
  protected override heard(): void {
    const pod = this.pod;
    const place = pod?.spec.nodeName ?? "";
    if (pod?.metadata.uid !== this.uid || place !== this.place) {
      this.uid = pod?.metadata.uid ?? "";
      this.place = place;
      this.answer = null;
      this.requestUpdate();
    }
    if (!pod || this.timer || !this.wanted(pod) || this.key(pod) === this.about) return;
    this.timer = window.setTimeout(() => void this.ask(), this.answer ? PATIENCE_MS : 0);
  }

  private get pod(): Pod | null {
    return this.lab.subject?.kind === "Pod" ? (this.lab.subject as Pod) : null;
  }

  /** A Pod that waits is explained at once, a placed one when asked. */
  private wanted(pod: Pod): boolean {
    return !pod.spec.nodeName || this.open;
  }

  /** What the answer depends on: the Pod, and while it waits the nodes and who is on them. */
  private key(pod: Pod): string {
    const place = pod.spec.nodeName ?? "";
    const others = place ? "" : `${nodesOf(this.lab.state).map((each) => each.metadata.resourceVersion).join()} ${podsOf(this.lab.state).filter((each) => each.spec.nodeName).length}`;
    return [pod.metadata.uid, place || pod.metadata.resourceVersion, this.lab.view === null ? "" : Math.floor(this.lab.view / 1000), others].join(" ");
  }

  /** No answer; or one from just before the scheduler had the Pod, as the server’s clock may be a little behind this page’s. */
  private isEarly(answer: Explanation | null): boolean {
    return !answer || (!this.place && !answer.place && !answer.number);
  }

  private async ask(): Promise<void> {
    const pod = this.pod;
    if (!pod) {
      this.timer = 0;
      return;
    }
    const { name, namespace, uid } = pod.metadata;
    this.about = this.key(pod);
    const answer = await this.lab.ask({ kind: "explain", namespace: namespace ?? "", name });
    this.timer = 0;
    if (!this.isConnected) return;
    if (uid === this.uid && answer) this.answer = answer;
    if (this.isEarly(answer) && this.early < AGAIN) {
      this.early += 1;
      this.timer = window.setTimeout(() => void this.ask(), AGAIN_MS);
      return;
    }
    this.early = 0;
    this.heard();
  }

  protected override render(): TemplateResult | typeof nothing {
    const pod = this.pod;
    if (!pod || (pod.spec.nodeName && !condition(pod, "PodScheduled"))) return nothing;
    if (!pod.spec.nodeName) return this.answer ? waiting(this.lab, pod, this.answer) : nothing;
    return html`<details class="blk sched" ?open=${this.open} @toggle=${(event: Event) => this.toggled(event)}>
      <summary>${this.say("sched.points", { node: pod.spec.nodeName })}</summary>
      ${this.open && this.answer ? points(this.lab, pod.spec.nodeName, this.answer) : nothing}</details>${this.open && this.answer ? victims(this.lab, this.answer) : nothing}`;
  }

  private toggled(event: Event): void {
    this.open = (event.target as HTMLDetailsElement).open;
    this.heard();
    this.requestUpdate();
  }
}
