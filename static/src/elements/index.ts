/** Every element of the lab page, by its tag: the one list to add to. */
import { PodClock } from "./clock/clock";
import { PodCluster } from "./cluster/cluster";
import { PodFiles } from "./files/files";
import { PodFaults } from "./faults/faults";
import { PodInspector } from "./inspector/inspector";
import { PodKeys } from "./keys/keys";
import { PodOffline } from "./offline/offline";
import { PodPalette } from "./palette/palette";
import { PodTable } from "./table/table";
import { PodTerminals } from "./terminals/terminals";
import { PodTimeline } from "./timeline/timeline";

export const ELEMENTS: Readonly<Record<string, CustomElementConstructor>> = {
  "pod-cluster": PodCluster,
  "pod-table": PodTable,
  "pod-terminals": PodTerminals,
  "pod-inspector": PodInspector,
  "pod-offline": PodOffline,
  "pod-clock": PodClock,
  "pod-timeline": PodTimeline,
  "pod-keys": PodKeys,
  "pod-palette": PodPalette,
  "pod-faults": PodFaults,
  "pod-files": PodFiles,
};

/** Those that are fetched when they are first used. */
export const LAZY: Readonly<Record<string, () => Promise<CustomElementConstructor>>> = {
  "pod-editor": async () => (await import("./editor/editor")).PodEditor,
  "pod-scheduling": async () => (await import("./scheduling/scheduling")).PodScheduling,
  "pod-lesson": async () => (await import("./lesson/lesson")).PodLesson,
};

/** Define a lazy one, once. */
export async function fetchElement(tag: string): Promise<void> {
  const element = await LAZY[tag]?.();
  if (element && !customElements.get(tag)) customElements.define(tag, element);
}

/** Define them all: after `setLab`. */
export function define(): void {
  for (const [tag, element] of Object.entries(ELEMENTS)) customElements.define(tag, element);
}
