import type { Terminal } from "@xterm/xterm";

/** A finger moves the text both ways: xterm itself hears wheels only. */
export function touchScroll(host: HTMLElement, terminal: Terminal): void {
  let at = { x: 0, y: 0 };
  let rest = 0;
  host.addEventListener("touchstart", ({ touches: [touch] }) => (at = touch ? { x: touch.clientX, y: touch.clientY } : at), { passive: true });
  host.addEventListener(
    "touchmove",
    (event) => {
      const touch = event.touches[0];
      if (!touch || event.touches.length > 1) return;
      host.closest(".pane")?.scrollBy({ left: at.x - touch.clientX });
      rest += at.y - touch.clientY;
      const row = host.clientHeight / terminal.rows;
      const lines = Math.trunc(rest / row);
      terminal.scrollLines(lines);
      rest -= lines * row;
      at = { x: touch.clientX, y: touch.clientY };
      event.preventDefault();
    },
    { passive: false },
  );
}
