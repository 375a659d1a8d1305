/** The small signs that every part of the page shares: state marks, icons, container shapes. Symbols: templates/parts/symbols.svg. */
import { type SVGTemplateResult, type TemplateResult, html, svg } from "lit";
import type { ContainerKind, StateName } from "../vocabulary";

/** A state’s mark in running text; its colour too, unless `plain`. */
export function mark(icon: StateName | "unknown" | "press" | "shut" | "true" | "false" | `task-${"open" | "now" | "met" | "broken"}`, colour: StateName | "" = ""): TemplateResult {
  return html`<svg class="mk ${colour ? `st-${colour}` : ""}" aria-hidden="true"><use href="#m-${icon}"></use></svg>`;
}

/** An icon of a control. */
export function icon(name: string): TemplateResult {
  return html`<svg class="ic" aria-hidden="true"><use href="#i-${name}"></use></svg>`;
}

/** A state’s mark inside a drawing. */
export function use(name: string, x: number, y: number, size: number): SVGTemplateResult {
  return svg`<use href="#m-${name}" x=${x} y=${y} width=${size} height=${size}></use>`;
}

/** A container: app = square, init = arrow tag, sidecar = upright pill; filled while it runs. */
export function container(kind: ContainerKind, x: number, y: number, runs: boolean, size = 11): SVGTemplateResult {
  const fill = runs ? "currentColor" : "none";
  return svg`<path d=${shape(kind, x, y, size)} fill=${fill} stroke="currentColor" stroke-width="1.4" stroke-linejoin="round"></path>`;
}

/** How wide a container’s shape is. */
export function containerWidth(kind: ContainerKind, size = 11): number {
  return { app: size, init: size * 1.05, side: size * 0.55 }[kind];
}

function shape(kind: ContainerKind, x: number, y: number, s: number): string {
  if (kind === "app") return rounded(x, y, s, s, 2.2);
  if (kind === "side") return rounded(x, y, s * 0.55, s, s * 0.275);
  return `M${x} ${y}h${s * 0.6}l${s * 0.45} ${s / 2}l${-s * 0.45} ${s / 2}h${-s * 0.6}z`;
}

function rounded(x: number, y: number, w: number, h: number, r: number): string {
  const across = w - 2 * r;
  const down = h - 2 * r;
  return `M${x + r} ${y}h${across}a${r} ${r} 0 0 1 ${r} ${r}v${down}a${r} ${r} 0 0 1 ${-r} ${r}h${-across}a${r} ${r} 0 0 1 ${-r} ${-r}v${-down}a${r} ${r} 0 0 1 ${r} ${-r}z`;
}
