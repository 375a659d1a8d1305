/** The text field itself: CodeMirror with YAML, completion by the cluster’s own schema, and kubectl’s complaints at their lines. */
import { type Completion, type CompletionContext, type CompletionResult, acceptCompletion, autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Lab } from "../../lab";
import { holderOf, kindAt } from "./places";
import type { Mark } from "./verdicts";

export interface Wishes {
  label: string;
  changed(text: string): void;
  apply(): void;
  save(): void;
  leave(): void;
  /** The text was not taken: it is too long. */
  refused(): void;
}

/** Characters of a file at most. */
export const MOST = 200_000;

const LOOK = EditorView.theme({
  "&": { height: "100%", fontSize: "12px", backgroundColor: "var(--surface)", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "18px" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-3)", border: "0" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent-soft) 45%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-soft)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line-2)", borderRadius: "8px", boxShadow: "var(--shadow)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12px", maxHeight: "180px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--ink-3)", fontStyle: "normal" },
  ".cm-completionInfo": { maxWidth: "300px", fontFamily: "var(--ui)", fontSize: "12.5px", padding: "8px 10px" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-diagnostic": { fontFamily: "var(--ui)", fontSize: "12.5px" },
});

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--creating)" },
  { tag: tags.comment, color: "var(--ink-3)" },
  { tag: tags.meta, color: "var(--ink-3)" },
]);

export class Code {
  readonly view: EditorView;

  constructor(
    private readonly lab: Lab,
    host: HTMLElement,
    text: string,
    private readonly wishes: Wishes,
  ) {
    const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.nonce ?? "";
    this.view = new EditorView({
      parent: host,
      state: EditorState.create({
        doc: text,
        extensions: [
          EditorView.cspNonce.of(nonce), lineNumbers(), history(), drawSelection(), highlightActiveLine(), indentOnInput(), indentUnit.of("  "),
          yaml(), syntaxHighlighting(COLOURS), LOOK, lintGutter(), EditorView.contentAttributes.of({ "aria-label": wishes.label, spellcheck: "false", tabindex: "0" }),
          autocompletion({ override: [(context) => this.complete(context)], icons: false }),
          keymap.of([...this.keys(), ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          EditorState.changeFilter.of((change) => this.fits(change.newDoc.length)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) wishes.changed(this.text);
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(text: string) {
    if (text !== this.text) this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  /** Complaints at their lines. */
  mark(marks: readonly Mark[]): void {
    const { doc } = this.view.state;
    const found: Diagnostic[] = marks.map((mark) => {
      const line = doc.line(Math.min(doc.lines, mark.line + 1));
      return { from: line.from + (/^\s*/.exec(line.text)?.[0].length ?? 0), to: line.to, severity: "error", message: mark.text };
    });
    this.view.dispatch(setDiagnostics(this.view.state, found));
  }

  /** Put the cursor on a line (from 0). */
  goTo(line: number): void {
    const place = this.view.state.doc.line(Math.min(this.view.state.doc.lines, line + 1));
    this.view.dispatch({ selection: { anchor: place.from }, scrollIntoView: true });
    this.view.focus();
  }

  private fits(length: number): boolean {
    if (length > MOST) this.wishes.refused();
    return length <= MOST;
  }

  private keys(): { key: string; run: (view: EditorView) => boolean; shift?: (view: EditorView) => boolean; preventDefault?: boolean }[] {
    const does = (wish: () => void) => (): boolean => {
      wish();
      return true;
    };
    return [
      { key: "Mod-Enter", run: does(() => this.wishes.apply()), preventDefault: true },
      { key: "Mod-s", run: does(() => this.wishes.save()), preventDefault: true },
      { key: "Ctrl-Shift-.", run: does(() => this.wishes.leave()), preventDefault: true },
      { key: "Tab", run: (view) => acceptCompletion(view) || indentMore(view), shift: indentLess },
    ];
  }

  /** Fields of the kind at this place, or the values that this field takes. */
  private async complete(context: CompletionContext): Promise<CompletionResult | null> {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const match = /^(\s*(?:- )*)(?:([\w.-]+):\s+)?([\w./-]*)$/.exec(before);
    if (!match || (!context.explicit && match[3] === "" && !match[2])) return null;
    const indent = (match[1] ?? "").length;
    const { apiVersion, kind } = kindAt(this.text, line.number - 1);
    const path = holderOf(this.text, line.number - 1, match[1]?.includes("-") ? indent - 1 : indent);
    const asked = match[2] ? [...path, match[2]] : path;
    const answer = await this.lab.ask({ kind: "fields", api_version: apiVersion, object_kind: kind, path: asked });
    if (!answer) return null;
    const options = match[2] ? answer.values.map((value): Completion => ({ label: value })) : answer.fields.map((field) => optionOf(field));
    return options.length > 0 ? { from: context.pos - (match[3] ?? "").length, options, validFor: /^[\w./-]*$/ } : null;
  }
}

function optionOf(field: { name: string; type: string; text?: string; required?: boolean }): Completion {
  const holds = !/^(string|integer|boolean|Quantity|Time|IntOrString|number)$/.test(field.type);
  return { label: field.name, detail: field.type, info: field.text ?? "", apply: `${field.name}:${holds ? "" : " "}`, boost: field.required ? 1 : 0 };
}
