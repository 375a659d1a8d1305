/** An image pull that is under way: how far it is. Its end is known, since the near future is. */
import type { Event, Pod } from "../../kube";
import type { Lab } from "../../lab";
import type { WireChange } from "../../wire";

export interface Pull {
  readonly image: string;
  /** 0 to 1. */
  readonly share: number;
}

const UNKNOWN_MS = 8000;

/** The pull of a container (of any, where none is named) at the instant shown; null: none is under way. */
export function pullOf(lab: Lab, pod: Pod, name?: string): Pull | null {
  const about = (change: WireChange): Event | null => eventAbout(change, pod.metadata.uid, name);
  const past = lab.store.index.ofEvents(pod.metadata.uid);
  for (let i = past.length - 1; i >= 0; i--) {
    const change = past[i];
    if (!change || change.t > lab.t) continue;
    const event = about(change);
    if (!event) continue;
    return event.reason === "Pulling" ? under(lab, change.t, event, about, past) : null;
  }
  return null;
}

function under(lab: Lab, from: number, event: Event, about: (change: WireChange) => Event | null, past: readonly WireChange[]): Pull {
  const end = (change: WireChange): boolean => change.t > from && about(change) !== null;
  const until = (past.find(end) ?? lab.store.ahead(end))?.t;
  const image = /"(.*)"/.exec(event.message ?? "")?.[1] ?? "";
  const gone = lab.t - from;
  return { image, share: until ? Math.min(1, gone / Math.max(1, until - from)) : 1 - Math.exp(-gone / UNKNOWN_MS) };
}

function eventAbout(change: WireChange, uid: string, name?: string): Event | null {
  const event = change.kind === "object" && change.resource === "events" ? ((change).object as unknown as Event | undefined) : undefined;
  if (event?.involvedObject.uid !== uid) return null;
  if (name && !event.involvedObject.fieldPath?.endsWith(`{${name}}`)) return null;
  return /^(Pulling|Pulled|Failed|BackOff|Created)$/.test(event.reason ?? "") ? event : null;
}
