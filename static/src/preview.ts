/** An author’s own lab (`pack preview`): the page comes again after each save of the pack. */
const EVERY_MS = 500;

/** Looks for another stamp than `known` until there is one, then calls `changed`. A lab that does not answer is asked again. */
export async function watch(known: string, changed: () => void, ask: () => Promise<string> = stamp): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    const now = await ask().catch(() => known);
    if (now !== known) break;
  }
  changed();
}

async function stamp(): Promise<string> {
  const answer = await fetch("/preview/", { cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return ((await answer.json()) as { stamp: string }).stamp;
}
