// Made by `python manage.py wire` from podlab/wire: do not edit.

/** What would `kubectl apply` say of this manifest now? */
export interface Check {
  kind: "check";
  manifest: string;
  namespace?: string;
}

/** `good`: it would be taken; `lines`: what kubectl says of it. */
export interface Checked {
  kind: "check";
  good: boolean;
  lines: string[];
}

/** What Tab offers for a line that is being typed in a terminal. */
export interface Complete {
  kind: "complete";
  terminal: string;
  text: string;
}

/** `words` that may stand from `start` (an offset in the text) on. */
export interface Completion {
  kind: "complete";
  start: number;
  words: string[];
}

/** Why is a Pod on its node, or on none? */
export interface Explain {
  kind: "explain";
  namespace: string;
  name: string;
}

/** The newest attempt (`t`, its number, what woke it, the scheduler's sentence), and the table. `place` in the queue, `next` try (ms). `weights`: what a plugin's points (0 to 100) are multiplied by. `candidates`: of the last attempt that made room. Refusals are those of now while the Pod waits, else those of the attempt. */
export interface Explanation {
  kind: "explain";
  node?: string;
  t?: number;
  number?: number;
  woken?: string;
  message?: string;
  rows?: NodeRow[];
  weights?: Record<string, number>;
  second?: string;
  candidates?: Rival[];
  place?: string;
  next?: number;
}

/** A field: its type as `kubectl explain` shows it, whether it must be there, and what it is. */
export interface FieldInfo {
  name: string;
  type: string;
  text?: string;
  required?: boolean;
}

/** Empty where there are none. */
export interface FieldList {
  kind: "fields";
  fields: FieldInfo[];
  values: string[];
}

/** Which fields an object of a kind has at a path (`["spec", "containers"]`), and which values the field at its end takes. */
export interface Fields {
  kind: "fields";
  api_version: string;
  object_kind: string;
  path: string[];
}

/** `text` is null where there is no such file. */
export interface FileText {
  kind: "read";
  text: string | null;
  files: string[];
}

/** A node: who refuses it and what would change that, or its points by plugin (raw, weighted) and their sum. */
export interface NodeRow {
  node: string;
  refusals?: [string, string[]][];
  remedies?: Remedy[];
  scores?: Record<string, [number, number]>;
  total?: number;
}

/** A file in the learner's home, and the names of the YAML files there. */
export interface Read {
  kind: "read";
  path: string;
}

/** `code` names the sentence, `args` its numbers; `command`: a line for the terminal, where one would do. */
export interface Remedy {
  code: string;
  args?: Record<string, string | number>;
  command?: string;
}

/** A node where preemption would do: who would go, how many against a budget, their highest priority, what decided against it ("": chosen). */
export interface Rival {
  node: string;
  victims: string[];
  violations?: number;
  highest?: number;
  lost?: string;
}

/** An object as a manifest: without status and what the server keeps for itself. */
export interface Yaml {
  kind: "yaml";
  resource: string;
  namespace: string;
  name: string;
}

/** "" where there is no such object. */
export interface YamlText {
  kind: "yaml";
  text: string;
}

export type Question = Complete | Fields | Check | Yaml | Read | Explain;

export type Answer = Completion | FieldList | Checked | YamlText | FileText | Explanation;
