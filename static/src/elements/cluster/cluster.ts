import { type PropertyValues, type SVGTemplateResult, type TemplateResult, html, nothing, svg } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { LabElement } from "../element";
import { place } from "../place";
import { standing } from "../../vocabulary";
import "./cluster.css";
import { type Picture, type PodBox, type ServiceBox, layout } from "./layout";
import { move } from "./motion";
import { drawNode } from "./node";
import { beat, drawPod, labelOf } from "./pod";
import { DOTS, drawService, drawWire, serviceLabel } from "./service";
import { Traffic } from "./traffic";
import { type Wire, wires } from "./wires";

/** The cluster as a picture: nodes with what is requested of them, Pods by state, the scheduling queue, the control plane. */
export class PodCluster extends LabElement {
  protected override topics = ["change", "tick"] as const;
  private width = 0;
  private height = 0;
  private placed = new Map<string, PodBox>();
  private readonly traffic = new Traffic();
  private picture: Picture | null = null;
  /** The instant that was drawn. */
  private drawn = -1;
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
    if (topic === "change" || (this.lab.t !== this.drawn && this.moving())) this.requestUpdate();
  }

  private moving(): boolean {
    return this.picture !== null && [...this.podBoxes(this.picture)].some((box) => beat(this.lab, box) !== 0);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.lab.begun || this.width < 100) return nothing;
    this.drawn = this.lab.t;
    const picture = (this.picture = layout(this.lab.state, this.width, this.height, this.lab.selected));
    const press = (uid: string): void => this.lab.select(uid);
    const boxes = [...this.podBoxes(picture)];
    const stop = boxes.find((each) => each.pod.metadata.uid === this.lab.selected) ?? boxes[0];
    const label = this.say("cluster.at", { time: this.lab.clock.text(this.lab.t) });
    return html`<svg class=${this.lab.late ? "late" : ""} viewBox="0 0 ${picture.width} ${picture.height}" width=${picture.width} height=${picture.height} role="group" aria-label=${label}>
      ${picture.nodes.map((box) => drawNode(this.lab, box, press))}
      ${this.queue(picture.queue)}
      ${repeat(wires(this.lab.state, picture), (each) => each.key, (each) => this.wire(each))}
      ${picture.services.map((box) => this.service(box))}${this.more(picture)}
      ${repeat(boxes, (box) => box.pod.metadata.uid, (box) => this.guarded(box, box === stop))}
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
      ${queue.heads.map((head) => svg`<text x=${queue.x + 12} y=${head.y} class="s place" data-place=${head.place}>${this.say(`queue.place.${head.place}`)}</text>`)}
      ${count ? nothing : svg`<text x=${queue.x + 12} y=${queue.y + 50} class="s">${this.say("queue.empty")}</text>`}`;
  }

  private wire(wire: Wire): unknown {
    const busy = this.lab.store.requests.length > 0 && this.rate(wire.key) > DOTS;
    return guard([wire.path, wire.ready, busy], () => drawWire(wire, busy));
  }

  /** Requests along a line in the last second. */
  private rate(key: string): number {
    const { requests } = this.lab.store;
    let count = 0;
    for (let i = requests.length - 1; i >= 0 && (requests[i]?.t ?? 0) > this.lab.t - 1000; i--) if (`${requests[i]?.service ?? ""} ${requests[i]?.pod ?? ""}` === key && (requests[i]?.t ?? 0) <= this.lab.t) count++;
    return count;
  }

  private service(box: ServiceBox): SVGTemplateResult {
    const { uid, name } = box.service.metadata;
    const selected = this.lab.selected === uid;
    return svg`<g aria-hidden="true">${drawService(this.lab, box)}${selected ? svg`<rect class="sel" x=${box.x - 3} y=${box.y - 3} width=${box.w + 6} height=${box.h + 6} rx=${box.h / 2 + 3}></rect>` : nothing}</g>
      <rect class="press" role="button" tabindex="-1" data-uid=${uid} data-service=${name} aria-pressed=${selected} aria-label=${serviceLabel(this.lab, box.service)}
        x=${box.x} y=${box.y} width=${box.w} height=${box.h} rx=${box.h / 2} @click=${() => this.lab.select(uid)}></rect>`;
  }

  private more({ more, services }: Picture): SVGTemplateResult | typeof nothing {
    const last = services.at(-1);
    return more && last ? svg`<text x=${last.x + last.w / 2} y=${last.y + last.h + 12} class="s" text-anchor="middle">${this.say("service.more", { count: more })}</text>` : nothing;
  }

  /** A Pod is drawn anew only when something of it is different: many Pods cost little while few of them change. */
  private guarded(box: PodBox, stop: boolean): unknown {
    const { pod, node } = box;
    const shown = standing(pod, node);
    const seen = this.lab.seenOf(pod);
    const event = shown.state === "creating" ? this.lab.store.index.ofEvents(pod.metadata.uid).length : 0;
    const what = [pod, shown.icon, ...seen, event, box.size, box.x, box.y, box.w, box.h, stop, this.lab.selected === pod.metadata.uid, beat(this.lab, box)];
    return guard(what, () => this.pod(box, stop));
  }

  private pod(box: PodBox, stop: boolean): SVGTemplateResult {
    const uid = box.pod.metadata.uid;
    const selected = this.lab.selected === uid;
    const shown = standing(box.pod, box.node);
    const ring = box.size === "mark" ? 2 : box.size === "big" ? 4 : 3;
    return svg`<g class="st-${shown.state} ${box.size === "big" ? "" : "sm"}" data-moves=${uid}>
      <g aria-hidden="true">${drawPod(this.lab, box)}</g>
      ${selected ? svg`<rect class="sel" x=${box.x - ring} y=${box.y - ring} width=${box.w + 2 * ring} height=${box.h + 2 * ring} rx=${box.size === "big" ? 16 : 12}></rect>` : nothing}
      <rect class="press" role="button" tabindex=${stop ? 0 : -1} data-uid=${uid} data-pod=${box.pod.metadata.name} aria-pressed=${selected} aria-label=${labelOf(this.lab, box)}
        x=${box.x} y=${box.y} width=${box.w} height=${box.h} rx="9" @click=${() => this.lab.select(uid)}>${box.size === "big" ? nothing : svg`<title>${labelOf(this.lab, box)}</title>`}</rect>
    </g>`;
  }

  private empty(picture: Picture): TemplateResult | typeof nothing {
    if ([...this.podBoxes(picture)].length > 0) return nothing;
    return html`<div class="empty" ${place(picture.note)}><p>${this.say("cluster.empty")}</p>
      ${this.lab.boot.lesson ? nothing : html`<button class="run" type="button" data-run="kubectl apply -f my-nginx-pod.yaml"><code>kubectl apply -f my-nginx-pod.yaml</code></button>`}</div>`;
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
    this.traffic.show(this, this.lab);
    this.placed = now;
  }
}
