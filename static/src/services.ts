/** Services and who stands behind them, as their EndpointSlices say. Pure. */
import { countUntil } from "./history";
import type { EndpointSlice, Obj, Service } from "./kube";
import { all, isSystem } from "./objects";
import type { State } from "./state";
import type { RequestSeen } from "./wire";

export interface Endpoint {
  readonly address: string;
  readonly ready: boolean;
  /** Why it is not ready: it is on its way out, or its Pod is not ready. */
  readonly terminating: boolean;
  /** The Pod’s uid; empty where the address is no Pod’s. */
  readonly uid: string;
  readonly name: string;
}

/** The learner’s Services, without the cluster’s own. */
export function servicesOf(state: State): readonly Service[] {
  return all<Service>(state, "Service").filter((each) => !isSystem(each) && each.metadata.name !== "kubernetes");
}

/** The addresses behind a Service, the ready ones first. */
export function endpointsOf(state: State, service: Obj): readonly Endpoint[] {
  const { name, namespace } = service.metadata;
  const slices = all<EndpointSlice>(state, "EndpointSlice").filter((each) => each.metadata.namespace === namespace && each.metadata.labels?.["kubernetes.io/service-name"] === name);
  const found = slices.flatMap((slice) => slice.endpoints ?? []).map((each) => ({
    address: each.addresses?.[0] ?? "",
    ready: each.conditions?.ready !== false,
    terminating: each.conditions?.terminating === true,
    uid: each.targetRef?.uid ?? "",
    name: each.targetRef?.name ?? "",
  }));
  return [...found.filter((each) => each.ready), ...found.filter((each) => !each.ready)];
}

/** Requests to a Service in the second before `t`: how many came, and how many of them nobody answered. */
export function rateOf(requests: readonly RequestSeen[], service: Obj, t: number): { asked: number; failed: number } {
  const key = `${service.metadata.namespace ?? ""}/${service.metadata.name}`;
  const last = requests.slice(countUntil(requests, t - 1000), countUntil(requests, t)).filter((each) => each.service === key);
  return { asked: last.length, failed: last.filter((each) => each.err).length };
}
