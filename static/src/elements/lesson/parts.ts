/** What stands in a lesson’s text, by its tag (docs/packs.md): loaded when a lesson is there. */
import { PodDone } from "./done";
import { PodHint } from "./hint";
import { PodLive } from "./live";
import { PodManifest } from "./manifest";
import { PodObject } from "./object";
import { PodPredict } from "./predict";
import { PodQuiz } from "./quiz";
import { PodRun } from "./run";
import { PodTask } from "./task";

const PARTS: Readonly<Record<string, CustomElementConstructor>> = {
  "pod-run": PodRun,
  "pod-manifest": PodManifest,
  "pod-live": PodLive,
  "pod-hint": PodHint,
  "pod-predict": PodPredict,
  "pod-quiz": PodQuiz,
  "pod-object": PodObject,
  "pod-task": PodTask,
  "pod-done": PodDone,
};

/** Define them all, once. */
export function define(): void {
  for (const [tag, element] of Object.entries(PARTS)) if (!customElements.get(tag)) customElements.define(tag, element);
}
