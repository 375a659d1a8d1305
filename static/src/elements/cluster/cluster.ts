import { type PropertyValues, type SVGTemplateResult, type TemplateResult, html, nothing, svg } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { podsOf } from "../../objects";
import { LabElement } from "../element";
import { place } from "../place";
import { standing } from "../../vocabulary";
import "./cluster.css";
import { type Box, type Picture, type PodBox, layout } from "./layout";
import { move } from "./motion";
import { drawNode } from "./node";
import { drawPod, labelOf } from "./pod";

/** The cluster as a picture: nodes with what is requested of them, Pods by state, the scheduling queue, the control plane. */
export class PodCluster extends LabElement {
  protected override topics = ["change", "tick"] as const;
  private width = 0;
  private height = 0;
  private placed = new Map<string, Box>();
  private picture: Picture | null = null;
  private readonly watch = new ResizeObserver(([entry]) => {
    if (entry) this.resized(Math.floor(entry.contentRect.width), this.parentElement?.clientHeight ?? 0);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch.observe(this);
    this.addEventListener("keydown", (event) => this.key(event));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch.disconnect();
  }

  private resized(width: number, height: number): void {
    if (width === this.width && height === this.height) return;
    this.width = width;
    this.height = height;
    this.placed.clear();
    this.requestUpdate();
  }

  /** Only what moves by itself (a pull, a grace) needs drawing while time goes on. */
  protected override heard(topic: string): void {
    if (topic === "change" || this.moving()) this.requestUpdate();
  }

  private moving(): boolean {
    return podsOf(this.lab.state).some((pod) => /^(term|creating)$/.test(standing(pod).state));
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.lab.begun || this.width < 100) return nothing;
    const picture = (this.picture = layout(this.lab.state, this.width, this.height, this.lab.selected));
    const press = (uid: string): void => this.lab.select(uid);
    const label = this.say("cluster.at", { time: this.lab.clock.text(this.lab.t) });
    return html`<svg class=${this.lab.late ? "late" : ""} viewBox="0 0 ${picture.width} ${picture.height}" width=${picture.width} height=${picture.height} role="group" aria-label=${label}>
      ${picture.nodes.map((box) => drawNode(this.lab, box, press))}
      ${this.queue(picture.queue)}
      ${repeat(this.podBoxes(picture), (box) => box.pod.metadata.uid, (box) => this.pod(box))}
    </svg>${this.empty(picture)}`;
  }

  private *podBoxes(picture: Picture): Generator<PodBox> {
    for (const node of picture.nodes) yield* node.pods;
    yield* picture.queue.pods;
  }

  private queue(queue: Picture["queue"]): SVGTemplateResult {
    const count = queue.pods.length;
    return svg`<rect class="queue" x=${queue.x} y=${queue.y} width=${queue.w} height=${queue.h} rx="14"></rect>
      <text x=${queue.x + 12} y=${queue.y + 18} class="b" font-size="11.5">${this.say("queue")}</text>
      <text x=${queue.x + queue.w - 12} y=${queue.y + 18} class="s" text-anchor="end">${count ? this.say("queue.waits", { count }) : ""}</text>
      ${count ? nothing : svg`<text x=${queue.x + 12} y=${queue.y + 50} class="s">${this.say("queue.empty")}</text>`}`;
  }

  private pod(box: PodBox): SVGTemplateResult {
    const uid = box.pod.metadata.uid;
    const selected = this.lab.selected === uid;
    const shown = standing(box.pod, box.node);
    const ring = box.size === "mark" ? 2 : box.size === "big" ? 4 : 3;
    return svg`<g class="st-${shown.state} ${box.size === "big" ? "" : "sm"}" data-moves=${uid}>
      <g aria-hidden="true">${drawPod(this.lab, box)}</g>
      ${selected ? svg`<rect class="sel" x=${box.x - ring} y=${box.y - ring} width=${box.w + 2 * ring} height=${box.h + 2 * ring} rx=${box.size === "big" ? 16 : 12}></rect>` : nothing}
      <rect class="press" role="button" tabindex=${this.tabStop(uid) ? 0 : -1} data-uid=${uid} data-pod=${box.pod.metadata.name} aria-pressed=${selected} aria-label=${labelOf(this.lab, box)}
        x=${box.x} y=${box.y} width=${box.w} height=${box.h} rx="9" @click=${() => this.lab.select(uid)}>${box.size === "big" ? nothing : svg`<title>${labelOf(this.lab, box)}</title>`}</rect>
    </g>`;
  }

  /** One Pod of the picture is in the order of focus; the arrows reach the others. */
  private tabStop(uid: string): boolean {
    const boxes = this.picture ? [...this.podBoxes(this.picture)] : [];
    const chosen = boxes.find((each) => each.pod.metadata.uid === this.lab.selected) ?? boxes[0];
    return chosen?.pod.metadata.uid === uid;
  }

  private empty(picture: Picture): TemplateResult | typeof nothing {
    if ([...this.podBoxes(picture)].length > 0) return nothing;
    return html`<div class="empty" ${place(picture.note)}><p>${this.say("cluster.empty")}</p>
      <button class="run" type="button" data-run="kubectl apply -f my-nginx-pod.yaml"><code>kubectl apply -f my-nginx-pod.yaml</code></button></div>`;
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const here = (event.target as Element).closest<SVGElement>("[data-uid]");
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") this.lab.select(here.dataset.uid ?? null);
    else if (step) {
      const all = [...this.querySelectorAll<SVGElement>("[data-uid]")];
      all[(all.indexOf(here) + step + all.length) % all.length]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!this.picture) return;
    const now = new Map([...this.podBoxes(this.picture)].map((box) => [box.pod.metadata.uid, box]));
    move(this, this.lab, this.placed, now);
    this.placed = now;
  }
}
