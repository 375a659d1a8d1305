/** A lesson’s goals as the session tells them (docs/packs.md, “On the wire”), read out of a state. Pure. */
import type { Words } from "./texts";
import type { State } from "./state";
import type { Clock } from "./clock";

/** What was seen instead of what is asked for: `t` is the instant. */
export interface Seen {
  readonly code: string;
  readonly args?: Readonly<Record<string, number>>;
  readonly t: number;
}

export interface TaskNow {
  readonly state: "closed" | "open" | "met" | "broken";
  readonly at?: number;
  readonly seen?: Seen;
}

export interface HintNow {
  readonly task: string;
  readonly on: boolean;
  readonly text?: Readonly<Record<string, string>>;
}

/** An answer to a prediction, by its form: an instant in ms, a number, a list. */
export type Guess = number | string | boolean | readonly (number | string | boolean)[];

export interface PredictionNow {
  readonly value?: Guess;
  /** When it was said. */
  readonly said?: number;
  /** From when an instant is counted. */
  readonly since?: number;
  readonly answer?: Guess;
  /** When the answer was seen. */
  readonly at?: number;
  readonly right?: boolean;
}

const CLOSED: TaskNow = { state: "closed" };

/** A task or a guard; `""` is the lesson as a whole. */
export function taskNow(state: State, id: string): TaskNow {
  return (state.goals.get("task")?.get(id) as TaskNow | undefined) ?? CLOSED;
}

/** The hints that are raised now, by id. */
export function hintsNow(state: State): [string, HintNow][] {
  const all = [...(state.goals.get("hint") ?? [])] as unknown as [string, HintNow][];
  return all.filter(([, hint]) => hint.on);
}

export function predictionNow(state: State, id: string): PredictionNow {
  return (state.goals.get("prediction")?.get(id) as PredictionNow | undefined) ?? {};
}

/** A live value in words; `…` while nobody has told it. */
export function valueNow(state: State, expression: string): string {
  const found = state.goals.get("value")?.get(expression)?.value;
  return typeof found === "string" ? found : "…";
}

/** What was seen instead, and when, as a sentence. */
export function seenWords(seen: Seen, words: Words, clock: Clock): string {
  const seconds = Object.fromEntries(Object.entries(seen.args ?? {}).map(([name, value]) => [`${name}_s`, Math.round(value / 100) / 10]));
  return words.say(`lesson.seen.${seen.code}`, { time: clock.text(seen.t), ...seen.args, ...seconds });
}
