import { type TemplateResult, html, nothing } from "lit";
import { mark } from "../marks";
import { Written } from "./written";

interface Option {
  readonly words: readonly ChildNode[];
  readonly right: boolean;
  readonly reason: string;
}

/** A question with options: each choice is answered with its reason. What was chosen is remembered in this browser. */
export class PodQuiz extends Written {
  protected override topics = [] as const;
  private options: readonly Option[] = [];
  private chosen = new Set<number>();

  protected override take(): void {
    this.options = [...this.querySelectorAll("li")].map((each) => ({ words: [...each.childNodes], right: each.dataset.right === "true", reason: each.dataset.reason ?? "" }));
    for (const list of this.querySelectorAll("ul")) list.remove();
    super.take();
    this.chosen = new Set(JSON.parse(sessionStorage.getItem(this.key) ?? "[]") as number[]);
  }

  private get key(): string {
    return `quiz ${this.lab.boot.lesson} ${this.dataset.id ?? ""}`;
  }

  protected override render(): TemplateResult {
    return html`${this.written}<ul class="options">${this.options.map((each, index) => this.option(each, index))}</ul>`;
  }

  private option(option: Option, index: number): TemplateResult {
    const open = this.chosen.has(index);
    const verdict = option.right ? html`${mark("true", "ready")} <b>${this.say("lesson.quiz.right")}</b>` : html`${mark("false", "notready")} <b>${this.say("lesson.quiz.wrong")}</b>`;
    return html`<li><button type="button" class="option" aria-expanded=${open} @click=${() => this.choose(index)}>${mark(open ? "task-now" : "task-open")}<span>${option.words}</span></button>
      ${open ? html`<p class="reason" role="status">${verdict} ${option.reason}</p>` : nothing}</li>`;
  }

  private choose(index: number): void {
    this.chosen.add(index);
    sessionStorage.setItem(this.key, JSON.stringify([...this.chosen]));
    this.requestUpdate();
  }
}
