/** The language switch comes back to where the reader was: the same part of the lab, the same task of a lesson. */
const PASSED = 0.4;

/** Let every language form take the reader’s place along. */
export function keepPlace(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form.seg")) {
    form.addEventListener("submit", () => {
      const next = form.querySelector<HTMLInputElement>("input[name=next]");
      if (next) next.value = location.pathname + placeOf(document, innerHeight);
    });
  }
}

/** The fragment of the last task or claim whose beginning the reader has passed, where a lesson is shown; else the page’s own. */
export function placeOf(page: Document, height: number): string {
  const marks = [...page.querySelectorAll<HTMLElement>(".prose :is(pod-task, section)[id]")];
  const passed = marks.filter((each) => each.getClientRects().length > 0 && each.getBoundingClientRect().top < height * PASSED).at(-1);
  return passed ? `#${passed.id}` : page.location.hash;
}
