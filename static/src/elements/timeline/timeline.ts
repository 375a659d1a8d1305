import { type PropertyValues, type SVGTemplateResult, type TemplateResult, html, nothing, svg } from "lit";
import { type Lane, type Story, type Stretch, story } from "../../lanes";
import type { Pod } from "../../kube";
import { type ProbeKind, type Try, probesNow, triesOf } from "../../plans";
import { containersOf, cut } from "../../vocabulary";
import type { ProbeSeen } from "../../wire";
import { LabElement } from "../element";
import { drawGuess, guesses } from "./guesses";
import { type Span, spanFor, ticks } from "./scale";
import "./timeline.css";
import { drawNext, drawTry, nextNumber, wantedOf } from "./tries";

const TOP = 16;
const PHONE = 600;

/** More tries than this in the time that is shown are too close to tell apart. */
const TRIES = 160;

interface Row extends Lane {
  readonly y: number;
  readonly h: number;
  readonly tries: readonly Try[];
  /** The next try; null where none is known. */
  readonly next: number | null;
  /** How many successes in a row are asked for, and which of them the next try would be (0: none). */
  readonly wanted: number;
  readonly number: number;
}

type ProbeLane = Omit<Row, "y" | "h">;

/** The selected Pod over time: lanes for phase, conditions and containers, Events as marks; drag it to look back. */
export class PodTimeline extends LabElement {
  protected override topics = ["change", "tick"] as const;
  private width = 0;
  private zoom = 0;
  /** While the learner drags or looks back the picture stands still under the playhead. */
  private frozen: Span | null = null;
  private cache: { key: string; story: Story } | null = null;
  private readonly watch = new ResizeObserver(([entry]) => {
    this.width = Math.floor(entry?.contentRect.width ?? 0);
    this.requestUpdate();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch.observe(this);
    this.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch.disconnect();
  }

  protected override heard(topic: string): void {
    if (topic === "change" || (this.lab.view === null && !this.lab.clock.anchor.paused)) this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.lab.view === null) this.frozen = null;
  }

  /** The story of what is selected; computed again only when something was released about it. */
  get story(): Story | null {
    const { selected, store, clock } = this.lab;
    if (!selected) return null;
    const { index, generation, start } = store;
    const key = [selected, generation, start, index.ofObject(selected).length, index.ofEvents(selected).length].join(" ");
    if (this.cache?.key !== key) this.cache = { key, story: story(store, selected, (stamp) => clock.virtual(stamp)) };
    return this.cache.story;
  }

  private get left(): number {
    return this.width < PHONE ? 82 : 178;
  }

  private get span(): Span {
    return this.frozen ?? spanFor(Math.max(this.lab.store.state.t, this.lab.clock.now()), this.story?.born ?? null, this.zoom);
  }

  private x(t: number, span = this.span): number {
    const share = (t - span.from) / (span.to - span.from);
    return this.left + Math.min(1, Math.max(0, share)) * (this.width - this.left - 16);
  }

  private t(x: number, span: Span): number {
    return span.from + ((x - this.left) / (this.width - this.left - 16)) * (span.to - span.from);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.lab.begun || this.width < 100) return nothing;
    const rows = this.rows();
    const bottom = rows.at(-1) ? (rows.at(-1)?.y ?? 0) + (rows.at(-1)?.h ?? 0) : TOP + 60;
    const events = this.width >= PHONE;
    const height = bottom + (events ? 24 : 6);
    return html`<svg width=${this.width} height=${height} viewBox="0 0 ${this.width} ${height}" role="group" aria-label=${this.say("time.line")}
      @pointerdown=${(event: PointerEvent) => this.grab(event)} @pointermove=${(event: PointerEvent) => this.drag(event)}>
      ${this.axis(bottom)}${rows.map((row) => this.row(row))}
      ${events ? this.events(bottom + 4) : nothing}${this.veil(bottom)}${this.guessed(rows)}${this.head(bottom)}
    </svg>${rows.length === 0 ? html`<p class="none">${this.say("time.none")}</p>` : nothing}`;
  }

  /** Where each lane stands; a phone shows Ready and the containers only. */
  private rows(): Row[] {
    const all = this.story?.lanes ?? [];
    const phone = this.width < PHONE;
    const containers = all.filter((each) => each.key.startsWith("container/"));
    const probes = this.probes();
    const lanes: Lane[] = phone ? all.filter((each) => each.key === "Ready") : [...all.filter((each) => !containers.includes(each)), ...containers.slice(0, 3)];
    const shown = [...lanes, ...(phone && probes.length === 0 ? containers.slice(-1) : [])].map((lane) => ({ ...lane, tries: [], next: null, wanted: 1, number: 0 }));
    let y = 20;
    return [...shown, ...(phone ? probes.slice(0, 1) : probes)].map((lane) => {
      const h = lane.key === "phase" || lane.key.startsWith("container/") ? 16 : /^(Ready$|probe)/.test(lane.key) ? 14 : 11.5;
      const gap = lane.key === "Ready" || lane.key === "phase" ? 4 : 2;
      const row = { ...lane, y, h };
      y += h + gap;
      return row;
    });
  }

  /** A lane for each probe of the Pod as it stands, with its tries in the time that is shown. */
  private probes(): ProbeLane[] {
    const { lab } = this;
    const pod = lab.subject;
    if (pod?.kind !== "Pod") return [];
    const now = Math.max(lab.store.state.t, lab.clock.now());
    const span = this.span;
    return containersOf(pod as Pod).flatMap(({ spec, status }) =>
      probesNow(lab.state, pod as Pod, spec, status, lab.t).map((each) => ({
        key: `probe/${spec.name}/${each.kind}`,
        name: this.width < PHONE ? this.say(`probe.${each.kind}Probe`) : this.say("lane.probe", { kind: this.say(`probe.${each.kind}Probe`) }),
        stretches: [],
        tries: triesOf(this.told(pod.metadata.uid, spec.name, each.kind), span.from, Math.min(now, span.to), TRIES),
        next: lab.view === null ? each.next : null,
        wanted: wantedOf(each),
        number: nextNumber(each),
      })),
    );
  }

  private told(uid: string, container: string, kind: ProbeKind): ProbeSeen[] {
    const first = this.lab.store.origin.seen.get(`probe ${uid} ${kind} ${container}`);
    const seen = this.lab.store.index.ofProbes(uid).filter((each) => each.container === container && each.probe === kind);
    return first?.kind === "probe" ? [first, ...seen] : seen;
  }

  private tries(row: Row): SVGTemplateResult[] {
    const y = row.y + row.h / 2;
    const span = this.span;
    const marks = row.tries.map((each) => drawTry(each, row.wanted, this.x(each.t, span), y, `${this.lab.clock.text(each.t, true)} ${each.outcome}`));
    return row.next === null || row.next > span.to ? marks : [...marks, drawNext(row.number, this.x(row.next, span), y)];
  }

  private axis(bottom: number): SVGTemplateResult[] {
    const span = this.span;
    const perMs = (this.width - this.left - 16) / (span.to - span.from);
    const { step, at } = ticks(span, this.lab.clock.zero, 44 / perMs);
    const every = this.width < PHONE ? 2 : step * perMs < 90 ? 2 : 1;
    const head = this.x(this.lab.t);
    return at
      .filter((t) => this.x(t) > this.left + 2)
      .map((t) => {
        const x = this.x(t);
        const named = Math.round((t + this.lab.clock.zero) / step) % every === 0 && Math.abs(x - head) > 60;
        return svg`<path class="tick" d="M${x} ${TOP}V${bottom}"></path>${named ? svg`<text x=${x} y="12" class="s m" text-anchor="middle">${this.lab.clock.text(t)}</text>` : nothing}`;
      });
  }

  private row(row: Row): SVGTemplateResult {
    const minor = row.h < 15;
    const name = row.key === "phase" ? this.say("lane.phase") : row.name;
    const short = cut(name, 26);
    const size = minor ? 10.5 : 11;
    return svg`<text x=${this.left - 10} y=${row.y + row.h / 2 + 3.8} class=${minor ? "s" : ""} font-size=${size} text-anchor="end">${this.width < PHONE ? cut(name, 11) : short}</text>
      ${this.visible(row.stretches).map((each) => this.stretch(row, each))}${this.tries(row)}`;
  }

  /** The stretches of the time that is shown; of several within one pixel the first. */
  private visible(stretches: readonly Stretch[]): readonly Stretch[] {
    const span = this.span;
    const pixel = (span.to - span.from) / Math.max(1, this.width - this.left - 16);
    let end = -Infinity;
    return stretches.filter(({ from, to }) => {
      const until = to ?? Infinity;
      if (until < span.from || from > span.to || until < end) return false;
      end = Math.max(from, span.from) + pixel;
      return true;
    });
  }

  private stretch(row: Row, { from, to, state, word }: Stretch): SVGTemplateResult {
    const now = Math.max(this.lab.store.state.t, this.lab.clock.now());
    const span = this.span;
    const end = to ?? now;
    const x = this.x(from, span);
    const w = Math.max(2, this.x(Math.min(end, now), span) - x - 1);
    const hatched = state === "notready";
    const fits = w > word.length * 6 + 12;
    return svg`<g class="st-${state}"><title>${`${word} ${this.lab.clock.text(from, true)} – ${to === null ? "" : this.lab.clock.text(to, true)}`}</title>
      <rect class="seg-t" x=${x} y=${row.y + 0.5} width=${w} height=${row.h - 1} rx="3"></rect>
      ${hatched ? svg`<rect x=${x} y=${row.y + 0.5} width=${w} height=${row.h - 1} rx="3" fill="url(#hatch2)"></rect>` : nothing}
      ${fits ? svg`<text x=${x + 7} y=${row.y + row.h / 2 + 3.7} class="b cur" font-size=${row.h > 14 ? 10.5 : 10}>${word}</text>` : nothing}</g>`;
  }

  /** Events about the Pod, as marks under the lanes; named where the next one leaves room. */
  private events(y: number): SVGTemplateResult {
    const span = this.span;
    const shown = (this.story?.events ?? []).filter((each) => each.t >= span.from && each.t <= span.to);
    const drawn = shown.map((each, i) => {
      const x = this.x(each.t, span);
      const next = shown[i + 1];
      const room = next ? this.x(next.t, span) - x : Infinity;
      const named = room > each.reason.length * 6 + 14;
      return svg`<g class=${each.warning ? "st-crash" : ""}><path class="flag" d="M${x - 3.5} ${y + 13}l3.5-6 3.5 6z"><title>${`${this.lab.clock.text(each.t, true)} ${each.reason}: ${each.message}`}</title></path>
        ${named ? svg`<text x=${x + 7} y=${y + 13} font-size="10.5" class=${each.warning ? "cur" : "mid"}>${each.reason}</text>` : nothing}</g>`;
    });
    return svg`${shown.length ? svg`<text x=${this.left - 10} y=${y + 13} font-size="11" text-anchor="end">${this.say("lane.events")}</text>` : nothing}${drawn}`;
  }

  private veil(bottom: number): SVGTemplateResult {
    const x = this.x(Math.max(this.lab.store.state.t, this.lab.clock.now()));
    return svg`<rect class="veil" x=${x} y=${TOP} width=${Math.max(0, this.width - 16 - x)} height=${bottom - TOP}></rect>`;
  }

  /** What the learner expects, drawn over the veil. */
  private guessed(rows: readonly Row[]): SVGTemplateResult[] {
    const span = this.span;
    return guesses(this.lab)
      .filter((each) => each.t >= span.from && each.t <= span.to)
      .map((each) => {
        const row = rows.find((lane) => lane.key === each.lane) ?? rows.at(-1);
        const x = this.x(each.t, span);
        return drawGuess(x, row ? row.y + row.h / 2 : TOP + 20, this.width < PHONE ? "" : this.say("time.guess", { time: this.lab.clock.text(each.t) }), x < this.width - 150);
      });
  }

  private head(bottom: number): SVGTemplateResult {
    const { clock, t, view } = this.lab;
    const x = this.x(t);
    const text = clock.text(t, view !== null);
    const half = view === null ? 31 : 43;
    const pill = Math.min(Math.max(x, this.left + half - 20), this.width - half);
    return svg`<g class="head" role="slider" tabindex="0" aria-label=${this.say("time.head")} aria-valuemin=${Math.round(this.lab.store.start)} aria-valuemax=${Math.round(clock.now())}
      aria-valuenow=${Math.round(t)} aria-valuetext=${text} @keydown=${(event: KeyboardEvent) => this.key(event)}>
      <path d="M${x} 14V${bottom + 2}"></path>
      <rect class="grip" x=${pill - half} y="0" width=${2 * half} height="17" rx="8.5"></rect><text x=${pill} y="12.2" class="m" font-size="10.5" text-anchor="middle">${text}</text>
      <circle class="grip" cx=${x} cy=${bottom + 2} r="4.5"></circle></g>`;
  }

  private grab(event: PointerEvent): void {
    const x = within(event);
    if (event.button !== 0 || x < this.left - 4) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.seek(x);
  }

  private drag(event: PointerEvent): void {
    if ((event.currentTarget as Element).hasPointerCapture(event.pointerId)) this.seek(within(event));
  }

  private seek(x: number): void {
    const span = this.span;
    this.frozen ??= span;
    this.lab.lookAt(this.t(x, span));
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom = Math.max(-5, Math.min(8, this.zoom + Math.sign(event.deltaY)));
    this.frozen = null;
    this.requestUpdate();
  }

  private key(event: KeyboardEvent): void {
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (by !== 0) this.step(by, event.shiftKey);
    else if (event.key === "End") this.lab.lookAt(null);
    else if (event.key === "Home") this.lab.lookAt(this.story?.born ?? this.lab.store.start);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** To the previous (-1) or next (1) change of the selected Pod, or a second that way. */
  step(by: -1 | 1, bySecond = false): void {
    this.frozen ??= this.span;
    const t = this.lab.t;
    if (bySecond) this.lab.lookAt(t + by * 1000);
    else {
      const changes = this.story?.changes ?? [];
      const next = by < 0 ? changes.findLast((each) => each < t) : changes.find((each) => each > t);
      this.lab.lookAt(next ?? (by < 0 ? t : null));
    }
    if (this.lab.view !== null && this.lab.view < this.span.from) this.frozen = spanFor(this.lab.view, this.lab.view, this.zoom);
  }
}

/** Where in the drawing the pointer is. */
function within(event: PointerEvent): number {
  return event.clientX - (event.currentTarget as Element).getBoundingClientRect().left;
}
