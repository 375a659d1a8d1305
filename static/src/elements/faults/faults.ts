import { type TemplateResult, html, nothing } from "lit";
import type { FaultKind } from "../../boot";
import type { Obj } from "../../kube";
import { LabElement } from "../element";
import "./faults.css";

const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";
const NEEDS = ["node", "pod", ""] as const;

/** The fault menu: what can be made to go wrong on a node, in a Pod or everywhere, and the way back from each. */
export class PodFaults extends LabElement {
  protected override topics = [] as const;
  private readonly kinds: readonly FaultKind[] = this.lab.boot.faults;

  override connectedCallback(): void {
    super.connectedCallback();
    for (const button of document.querySelectorAll("[data-faults]")) button.addEventListener("click", () => this.open());
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-label=${this.say("faults.title")}><h2>${this.say("faults.title")}</h2><p>${this.say("faults.about")}</p>
      ${NEEDS.map((needs) => this.section(needs))}
      <form method="dialog"><button class="btn">${this.say("keys.close")}</button></form></dialog>`;
  }

  private section(needs: (typeof NEEDS)[number]): TemplateResult {
    const title = this.words.say(`faults.on.${needs || "all"}`);
    const targets = needs ? this.targets(needs) : [""];
    const healers = new Set(this.kinds.map((kind) => kind.healed_by));
    const kinds = this.kinds.filter((kind) => kind.needs === needs && !healers.has(kind.name));
    return html`<section><h3>${title} ${needs && targets.length ? html`<select name=${needs} aria-label=${title}>${targets.map((name) => html`<option>${name}</option>`)}</select>` : nothing}</h3>
      ${targets.length ? html`<ul>${kinds.map((kind) => this.row(kind))}</ul>` : html`<p class="muted">${this.say("faults.none")} <code>kubectl run web --image=nginx</code></p>`}</section>`;
  }

  private row(kind: FaultKind): TemplateResult {
    const words = this.words.say(`faults.${kind.name}`, kind.args);
    return html`<li><span>${words}${kind.asks.map((name) => html` <input name=${name} placeholder=${this.words.say(`faults.${kind.name}.${name}`)} aria-label=${words} spellcheck="false" autocomplete="off">`)}</span>
      <button class="btn" data-fault=${kind.name} @click=${(event: Event) => this.let(kind, kind.name, this.asked(kind, event))}>${this.say("faults.do")}<span class="vh">: ${words}</span></button>
      ${kind.healed_by ? html`<button class="btn line" data-fault=${kind.healed_by} @click=${() => this.let(kind, kind.healed_by)}>${this.words.say(`faults.${kind.healed_by}`)}</button>` : nothing}</li>`;
  }

  /** Worker nodes by name (a real cluster whose only control plane is broken answers nobody); Pods of the learner’s own as `namespace/name`, the selected one first. */
  private targets(needs: "node" | "pod"): string[] {
    const kind = needs === "node" ? "Node" : "Pod";
    const found = [...this.lab.state.objects.values()].filter((each) => each.kind === kind && each.metadata.namespace !== "kube-system" && !(CONTROL_PLANE in (each.metadata.labels ?? {})));
    found.sort((one, other) => Number(this.isSelected(other)) - Number(this.isSelected(one)) || (one.metadata.name < other.metadata.name ? -1 : 1));
    return found.map((each) => (needs === "node" ? each.metadata.name : `${each.metadata.namespace ?? "default"}/${each.metadata.name}`));
  }

  private isSelected(each: Obj): boolean {
    return each.metadata.uid === this.lab.selected;
  }

  /** What was typed into the fields of a fault’s row; null where one is empty (the first such gets the focus). */
  private asked(kind: FaultKind, event: Event): Record<string, string> | null {
    const row = (event.currentTarget as HTMLElement).closest("li");
    const fields = kind.asks.map((name) => row?.querySelector<HTMLInputElement>(`input[name="${name}"]`));
    const empty = fields.find((field) => !field?.value.trim());
    empty?.focus();
    return empty === undefined ? Object.fromEntries(fields.map((field) => [field?.name, field?.value.trim()])) as Record<string, string> : null;
  }

  /** Let `name` happen to what is chosen, and look at what it does. */
  private let(kind: FaultKind, name: string, asked: Record<string, string> | null = {}): void {
    if (asked === null) return;
    const target = this.querySelector<HTMLSelectElement>(`select[name="${kind.needs || "-"}"]`)?.value ?? "";
    const args = kind.needs === "pod" ? { pod: target, ...asked } : asked;
    this.lab.command({ kind: "fault", name, node: kind.needs === "node" ? target : "", args });
    this.querySelector("dialog")?.close();
  }

  private open(): void {
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector("dialog")?.showModal());
  }
}
