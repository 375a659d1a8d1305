/** Where things stand in a manifest: the line of `spec.containers[0].image`, and the path at a line. For block YAML, as people write it. */

/** A path's steps: `["spec", "containers", 0, "image"]`. */
export type Step = string | number;

interface Level {
  indent: number;
  step: Step;
}

interface Row {
  indent: number;
  dash: boolean;
  key: string | null;
}

const ROW = /^(\s*)((?:- +)*)(?:("[^"]*"|'[^']*'|[^\s:#"'[{][^:#]*?)\s*:(?:\s|$))?/;

function rowOf(line: string): Row | null {
  if (/^\s*(#|$)/.test(line)) return null;
  const match = ROW.exec(line);
  const dashes = match?.[2] ?? "";
  const indent = (match?.[1] ?? "").length;
  return { indent: indent + dashes.length, dash: dashes.length > 0 || /^\s*-\s*$/.test(line), key: match?.[3]?.replace(/^["']|["']$/g, "") ?? null };
}

/** Each line's path, in its document (documents are parted by `---`); null for lines without one. */
export function paths(text: string): { document: number; path: readonly Step[] | null }[] {
  let document = 0;
  let levels: Level[] = [];
  return text.split("\n").map((line) => {
    if (line.startsWith("---")) {
      document += 1;
      levels = [];
      return { document, path: null };
    }
    const row = rowOf(line);
    if (!row) return { document, path: null };
    levels = below(levels, row);
    return { document, path: levels.map((level) => level.step) };
  });
}

/** An item of a list stands half a step right of its dash: a list may begin under its key’s own first letter. */
function below(levels: readonly Level[], row: Row): Level[] {
  const dash = row.indent - 2 + 0.5;
  const kept = levels.filter((level) => level.indent < (row.dash ? dash : row.indent));
  if (row.dash) {
    const last = levels.find((level) => level.indent === dash);
    kept.push({ indent: dash, step: last ? Number(last.step) + 1 : 0 });
  }
  if (row.key !== null) kept.push({ indent: row.indent, step: row.key });
  return kept;
}

/** The steps of the API server’s `spec.containers[0].ports[1].name`. */
export function stepsOf(field: string): Step[] {
  const parts = field.match(/[^.[\]]+|\[[^\]]*\]/g) ?? [];
  return parts.map((part) => (part.startsWith("[") ? (/^\[\d+\]$/.test(part) ? Number(part.slice(1, -1)) : part.slice(1, -1)) : part));
}

/** The line (from 0) of a field, or of the nearest thing around it; 0 where there is nothing like it. */
export function lineOf(text: string, field: string, document = 0): number {
  const steps = stepsOf(field);
  const rows = paths(text);
  for (let length = steps.length; length > 0; length--) {
    const wanted = JSON.stringify(steps.slice(0, length));
    const at = rows.findIndex((row) => row.document === document && row.path !== null && JSON.stringify(row.path.slice(0, length)) === wanted);
    if (at >= 0) return at;
  }
  return Math.max(0, rows.findIndex((row) => row.document === document && row.path !== null));
}

/** The path of keys above a line (from 0) whose text begins at `indent`: what a new key there would belong to. */
export function holderOf(text: string, line: number, indent: number): string[] {
  const rows = text.split("\n");
  const holder: string[] = [];
  let least = indent;
  for (let at = line - 1; at >= 0; at--) {
    const row = rows[at] ?? "";
    if (row.startsWith("---")) break;
    const found = rowOf(row);
    if (found?.key == null) continue;
    if (found.indent < least) {
      holder.unshift(found.key);
      least = found.indent;
    }
    if (found.dash && found.indent === least) least = found.indent - 1;
  }
  return holder;
}

/** `apiVersion` and `kind` of the document in which a line (from 0) stands. */
export function kindAt(text: string, line: number): { apiVersion: string; kind: string } {
  const rows = text.split("\n");
  let first = line;
  let last = line;
  while (first > 0 && !(rows[first - 1] ?? "").startsWith("---")) first -= 1;
  while (last < rows.length - 1 && !(rows[last + 1] ?? "").startsWith("---")) last += 1;
  const here = rows.slice(first, last + 1).join("\n");
  return { apiVersion: /^apiVersion:\s*(\S+)/m.exec(here)?.[1] ?? "v1", kind: /^kind:\s*(\S+)/m.exec(here)?.[1] ?? "" };
}
