/** The words of the page, one file a language; `{name}` stands for an argument. */
import type { Boot } from "./boot";
import type { Cause } from "./wire";

type Catalogue = Record<string, string>;
type Args = Record<string, string | number>;
export type Causes = Record<string, { title: string; text: string; soft?: string }>;

export class Words {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly causes: Causes,
  ) {}

  /** The sentence of a key. A key that nobody wrote is shown as it is: the tests find it, the learner still sees something. */
  say(key: string, args: Args = {}): string {
    return fill(this.catalogue[key] ?? key, args);
  }

  /** Why, in words: a title, and the sentence with this run’s numbers. */
  cause(cause: Cause): { title: string; text: string } {
    const found = this.causes[cause.rule];
    if (!found) return { title: cause.rule, text: Object.entries(cause.args).map(([name, value]) => `${name} ${value}`).join(" · ") };
    const texts = [found.text, ...(found.soft && cause.args.soft_s ? [found.soft] : [])];
    return { title: fill(found.title, cause.args), text: texts.map((each) => fill(each, cause.args)).join(" ") };
  }
}

/** Both catalogues of a language, each its own file. */
export async function loadWords(language: Boot["language"]): Promise<Words> {
  const [catalogue, causes] = await Promise.all(
    language === "ko"
      ? [import("./texts/ko.json"), import("./texts/causes.ko.json")]
      : [import("./texts/en.json"), import("./texts/causes.en.json")],
  );
  return new Words(catalogue.default, causes.default);
}

function fill(text: string, args: Args): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in args ? String(args[name]) : whole));
}
