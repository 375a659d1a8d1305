import { type TemplateResult, html, nothing } from "lit";
import type { Goal, LessonBoot } from "../../boot";
import { type TaskNow, taskNow } from "../../goals";
import { LabElement } from "../element";
import { mark } from "../marks";
import "./lesson.css";
import { define } from "./parts";

const NEWS_MS = 8000;

/** The head of the lesson column: how far the tasks are, what must not break. It brings the rest of the lesson to life when it comes. */
export class PodLesson extends LabElement {
  private readonly lesson: LessonBoot | null = this.lab.boot.goals;
  private known = new Set<string>();
  private news = "";
  private placed = false;

  override connectedCallback(): void {
    super.connectedCallback();
    define();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.lesson || !this.lab.begun) return nothing;
    const { tasks, guards } = this.lesson;
    const met = tasks.filter((each) => this.now(each).state === "met").length;
    this.listen(tasks);
    return html`<div class="progress"><span>${this.say("lesson.exercise")}</span><span class="num">${this.say("lesson.progress", { met, all: tasks.length })}</span></div>
      <ol class="steps">${tasks.map((each) => this.step(each))}</ol>
      ${guards.length ? html`<ul class="guards" aria-label=${this.say("lesson.guards")}>${guards.map((each) => this.guard(each))}</ul>` : nothing}
      <p class="vh" role="status">${this.news}</p>`;
  }

  /** Once: whoever comes back in the middle goes on where she was. */
  protected override updated(): void {
    if (this.placed || !this.lesson || !this.lab.begun) return;
    this.placed = true;
    if (this.known.size > 0 && this.current && !location.hash.startsWith("#task-")) document.getElementById(`task-${this.current}`)?.scrollIntoView({ block: "center" });
  }

  private now(goal: Goal): TaskNow {
    return taskNow(this.lab.store.state, goal.id);
  }

  /** The task that is to be worked at: the first that is open. */
  private get current(): string | undefined {
    return this.lesson?.tasks.find((each) => this.now(each).state === "open")?.id;
  }

  private step(task: Goal): TemplateResult {
    const state = task.id === this.current ? "now" : this.now(task).state;
    const label = `${task.title.replaceAll("`", "")}: ${this.words.say(`lesson.state.${state}`)}`;
    return html`<li><a href="#task-${task.id}" class=${state} aria-label=${label} title=${label} aria-current=${state === "now" ? "step" : nothing}></a></li>`;
  }

  private guard(guard: Goal): TemplateResult {
    const now = this.now(guard);
    const at = now.at ?? 0;
    if (now.state !== "broken") return html`<li>${mark("true", "ready")} <span>${guard.title} <span class="muted">${this.say("lesson.kept")}</span></span></li>`;
    return html`<li class="broken">${mark("task-broken")} <span>${guard.title} <b>${this.say("lesson.broken", { time: this.lab.clock.text(at) })}</b>
      <button class="link" type="button" @click=${() => this.lab.lookAt(at - 1)}>${this.say("lesson.before")}</button></span></li>`;
  }

  /** Say it once when a task is met. */
  private listen(tasks: readonly Goal[]): void {
    const met = new Set(tasks.filter((each) => this.now(each).state === "met").map((each) => each.id));
    const fresh = tasks.filter((each) => met.has(each.id) && !this.known.has(each.id));
    const first = this.known.size === 0 && fresh.length > 1;
    if (fresh.length && !first) this.announce(this.say("lesson.met", { title: fresh.map((each) => each.title.replaceAll("`", "")).join(", ") }));
    this.known = met;
  }

  /** Where another part of the page hides the lesson, the status line says it, and the lesson’s tab has a dot. */
  private announce(news: string): void {
    this.news = news;
    if (this.offsetParent) return;
    this.lab.news = { text: news, until: performance.now() + NEWS_MS };
    const tab = document.querySelector('.tabbar a[href="#guide"]');
    tab?.classList.add("news");
    const seen = (): void => {
      if (!this.offsetParent) return;
      tab?.classList.remove("news");
      removeEventListener("hashchange", seen);
    };
    addEventListener("hashchange", seen);
  }
}
