/** What comes next, as far as a cluster knows it: the plans of its kubelets, each with its arithmetic. */
import type { Pod } from "../../kube";
import type { Lab } from "../../lab";
import { type ProbeNow, backoffEnd, probesNow } from "../../plans";
import { containersOf, graceEnd } from "../../vocabulary";
import { pullOf } from "../cluster/pull";

export interface Plan {
  readonly title: string;
  readonly sum: string;
}

/** The plans for a Pod, the nearest first as they stand in its containers. */
export function plansOf(lab: Lab, pod: Pod): Plan[] {
  if (pod.metadata.deletionTimestamp) return [grace(lab, pod)];
  return containersOf(pod).flatMap((one) => [
    ...pull(lab, pod, one.spec.name),
    ...backoff(lab, one.spec.name, backoffEnd(one.status, lab.clock), one.status?.lastState?.terminated?.finishedAt),
    ...probesNow(lab.state, pod, one.spec, one.status, lab.t).flatMap((each) => probe(lab, each)),
  ]);
}

function left(lab: Lab, t: number): { time: string; seconds: number } {
  return { time: lab.clock.text(t), seconds: Math.max(0, Math.ceil((t - lab.t) / 1000)) };
}

function grace(lab: Lab, pod: Pod): Plan {
  const seconds = pod.metadata.deletionGracePeriodSeconds ?? 0;
  return { title: lab.words.say("next.grace", left(lab, graceEnd(pod, lab.clock))), sum: lab.words.say("next.grace.sum", { seconds }) };
}

function pull(lab: Lab, pod: Pod, container: string): Plan[] {
  const found = pullOf(lab, pod, container);
  return found ? [{ title: lab.words.say("next.pull", { image: found.image }), sum: `${Math.round(found.share * 100)} %` }] : [];
}

function backoff(lab: Lab, container: string, end: number, ended: string | undefined): Plan[] {
  if (!(end > lab.t)) return [];
  const from = lab.clock.virtual(ended);
  return [{ title: lab.words.say("next.backoff", { container, ...left(lab, end) }), sum: `${lab.clock.text(from)} + ${Math.round((end - from) / 1000)} s = ${lab.clock.text(end)}` }];
}

/** When a probe can decide at the earliest: the next try and as many periods as are still missing. */
function probe(lab: Lab, now: ProbeNow): Plan[] {
  if (now.next === null || (now.passing && now.counts === "Success")) return [];
  const period = now.probe.periodSeconds ?? 10;
  const missing = now.all - now.done - 1;
  const end = now.next + missing * period * 1000;
  const key = now.counts === "Failure" ? `next.${now.kind}.fails` : `next.${now.kind}`;
  const sum = missing > 0 ? `${lab.clock.text(now.next)} + ${missing} × ${period} s = ${lab.clock.text(end)}` : "";
  return [{ title: lab.words.say(key, left(lab, end)), sum }];
}
