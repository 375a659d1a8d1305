/** How facts, events and plugins are said. */
import { type TemplateResult, html } from "lit";
import type { Lab } from "../../lab";
import type { Explanation, Remedy } from "../../wire";

const WOKEN: Readonly<Record<string, string>> = { created: "sched.woken.created", "gates removed": "sched.woken.gates", "victims gone": "sched.woken.victims", UnschedulableTimeout: "sched.woken.timeout" };

/** Which attempt it was, and when. */
export function attempt(lab: Lab, answer: Explanation): string {
  return `${lab.words.say("sched.attempt", { number: answer.number ?? 1 })}${answer.t === undefined ? "" : ` · ${lab.clock.text(answer.t)}`}`;
}

/** What made the scheduler try: in words, or the event’s own name. */
export function wokenBy(lab: Lab, woken: string): TemplateResult | string {
  const known = WOKEN[woken];
  return known ? lab.words.say(known) : html`${lab.words.say("sched.woken.event")} <code>${woken}</code>`;
}

/** Why a node refuses; the plugin’s own words where there are none of ours. */
export function fact(lab: Lab, remedy: Remedy | undefined, reason: string): string {
  return !remedy || remedy.code === "reason" ? reason : lab.words.say(`sched.fix.${remedy.code}`, remedy.args ?? {});
}

/** The line that would change it, to be run in the terminal. */
export function run(lab: Lab, line: string): TemplateResult {
  return html`<button class="run" type="button" data-run=${line}><span class="go"><svg aria-hidden="true" viewBox="0 0 8 8"><use href="#i-play"/></svg></span><span>${line}</span><span class="vh">${lab.words.say("sched.run")}</span></button>`;
}
