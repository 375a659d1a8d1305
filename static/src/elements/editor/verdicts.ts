/** What kubectl says of a manifest, by line of the text. */
import { lineOf, paths } from "./places";

export interface Mark {
  /** From 0. */
  line: number;
  text: string;
}

const FIELD = /^(?:\* )?((?:spec|metadata|status|data|rules|template|subsets|webhooks|type|kind|apiVersion)(?:[.[][^:\s]*)?): (.*)$/;
const HERE = "/tmp/check.yaml";
const UNKNOWN = /unknown field "([^"]+)"/g;
const YAML_LINE = /yaml: line (\d+):/;
const NAMED = /The (\w+) "([^"]*)" is invalid:/;

/** Each complaint at its line; what speaks of no field stands at the first line. */
export function marks(text: string, lines: readonly string[]): Mark[] {
  const found: Mark[] = [];
  let document = 0;
  for (const line of lines) {
    const named = NAMED.exec(line);
    if (named) document = documentOf(text, named[1] ?? "", named[2] ?? "");
    const rest = named ? line.slice(named[0].length).trim() : line;
    const place = FIELD.exec(rest);
    const wrong = YAML_LINE.exec(line);
    if (place) found.push({ line: lineOf(text, place[1] ?? "", document), text: rest.replace(/^\* /, "") });
    else if (wrong) found.push({ line: Math.max(0, Number(wrong[1]) - 1), text: line.replace(HERE, "this file") });
    else if (line.includes('unknown field "')) for (const each of line.matchAll(UNKNOWN)) found.push({ line: lineOf(text, each[1] ?? "", documentWith(text, each[1] ?? "")), text: each[0] });
    else if (rest && !named && !/\((server|client) dry run\)$/.test(line)) found.push({ line: 0, text: line.replace(HERE, "this file") });
  }
  return found;
}

function documentOf(text: string, kind: string, name: string): number {
  const documents = text.split(/^---.*$/m);
  const at = documents.findIndex((each) => new RegExp(`^kind:\\s*${kind}\\s*$`, "m").test(each) && each.includes(`name: ${name}`));
  return Math.max(0, at);
}

function documentWith(text: string, field: string): number {
  const last = field.split(/[.[]/).at(-1)?.replace("]", "") ?? "";
  return paths(text).find((row) => row.path?.at(-1) === last)?.document ?? 0;
}
