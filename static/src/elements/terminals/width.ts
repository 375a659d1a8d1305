/** How many cells text takes, as xterm counts them, and where the cursor is after it. Pure. */

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

/** Cells of one character: 0 for marks that combine, 2 for Hangul and Han. */
export function cells(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (/^[\p{Mn}\p{Me}\u200b-\u200f\u1160-\u11ff]/u.test(character) || code < 32) return 0;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

export interface Spot {
  readonly row: number;
  readonly column: number;
}

/** Where the cursor is after `text` was written at `from`; escape sequences take no room. */
export function after(text: string, columns: number, from: Spot = { row: 0, column: 0 }): Spot {
  let { row, column } = from;
   
  for (const character of text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "")) {
    if (character === "\n") row += 1;
    else if (character === "\r") column = 0;
    else if (character === "\t") column = Math.min(columns - 1, (Math.floor(column / 8) + 1) * 8);
    else {
      const width = cells(character);
      if (column + width > columns) {
        row += 1;
        column = 0;
      }
      column += width;
    }
  }
  return { row, column };
}
