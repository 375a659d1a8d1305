/** Screen-reader mode: xterm’s own rows to walk through and its live region. Remembered by the browser, where it may be. */
const KEPT = "podlab.reader";

export function readerMode(): boolean {
  try {
    return localStorage.getItem(KEPT) === "on";
  } catch {
    return false;
  }
}

export function setReaderMode(on: boolean): void {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // A browser that forbids it only forgets.
  }
}
