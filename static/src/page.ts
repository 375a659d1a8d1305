/** Opens the lab page: the words first, then the elements that use them, then the line to the server. */
import type { Boot } from "./boot";
import { setLab } from "./current";
import { Lab } from "./lab";
import { loadWords } from "./texts";

export async function open(boot: Boot): Promise<void> {
  const [words, { define, fetchElement }] = await Promise.all([loadWords(boot.language), import("./elements")]);
  const lab = new Lab(boot, words);
  setLab(lab);
  define();
  if (boot.goals) void fetchElement("pod-lesson");
  asText(lab);
  const stop = lab.on("change", () => {
    if (!lab.begun) return;
    document.querySelector(".wait")?.remove();
    stop();
  });
  lab.open();
}

/** The switch between the picture and the same facts as text. */
function asText(lab: Lab): void {
  const button = document.querySelector<HTMLElement>("[data-as-text]");
  const picture = document.querySelector<HTMLElement>("pod-cluster");
  const table = document.querySelector<HTMLElement>("pod-table");
  button?.addEventListener("click", () => {
    const text = table?.hidden ?? false;
    button.setAttribute("aria-pressed", String(text));
    if (picture) picture.hidden = text;
    if (table) table.hidden = !text;
    lab.tell("change");
  });
}
