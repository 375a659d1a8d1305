/** The one line that tells what happens: the newest change of a Pod in words, the learner’s own Pods first. */
import type { Event, Pod } from "./kube";
import type { Lab } from "./lab";
import { eventsAbout, isSystem } from "./objects";
import { standing, wordsOf } from "./vocabulary";

/** Changes among which the newest of a Pod is looked for. */
const RECENT = 40;

/** `my-nginx-pod: Running · ready`; the last warning where nothing else was told. */
export function describe(lab: Lab): string {
  const subject = lab.subject;
  if (subject?.kind === "Pod") return podLine(lab, subject as Pod);
  const { history } = lab.store;
  for (let i = history.length - 1; i >= Math.max(0, history.length - RECENT); i--) {
    const change = history[i];
    if (change?.kind !== "object") continue;
    if (change.resource === "pods" && change.namespace !== "kube-system") {
      const pod = lab.state.objects.get(change.uid) as Pod | undefined;
      return pod && !isSystem(pod) ? podLine(lab, pod) : lab.words.say("status.gone", { name: change.name });
    }
  }
  return lab.words.say("status.quiet");
}

function podLine(lab: Lab, pod: Pod): string {
  const node = [...lab.state.objects.values()].find((each) => each.kind === "Node" && each.metadata.name === pod.spec.nodeName);
  const words = wordsOf(standing(pod, node), lab.words);
  const event = eventsAbout(lab.state, pod.metadata.uid).at(-1);
  const fresh = event && (instantOf(event) ?? "") >= changedAt(pod);
  return fresh ? `${pod.metadata.name}: ${words} · ${event.message}` : `${pod.metadata.name}: ${words}`;
}

/** When a condition of the Pod changed last: an Event from before tells of what is over. */
function changedAt(pod: Pod): string {
  return (pod.status?.conditions ?? []).map((each) => each.lastTransitionTime ?? "").reduce((a, b) => (a > b ? a : b), "");
}

function instantOf({ lastTimestamp, eventTime }: Event): string | undefined {
  return lastTimestamp ?? eventTime?.replace(/\.\d+Z$/, "Z");
}
