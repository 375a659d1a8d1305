import { noChange } from "lit";
import { Directive, type ElementPart, type PartInfo, PartType, directive } from "lit/directive.js";

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
}

/** Puts an element at a box, by the CSS object model: the page’s security policy forbids style attributes. */
class Place extends Directive {
  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.ELEMENT) throw new Error("place() stands in an element’s tag");
  }

  override update(part: ElementPart, [box]: [Box]): typeof noChange {
    const { style } = part.element as HTMLElement;
    style.left = `${box.x}px`;
    style.top = `${box.y}px`;
    style.width = `${box.w}px`;
    return noChange;
  }

  /** What a server would print: nothing, there is no style object to write to. */
  render(...[]: [Box]): typeof noChange {
    return noChange;
  }
}

export const place = directive(Place);
