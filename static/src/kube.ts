/** The parts of Kubernetes’ API objects that the page reads, as the REST API shows them. */
export interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { kind: string; name: string }[];
}

export interface Obj {
  readonly kind: string;
  readonly apiVersion?: string;
  readonly metadata: Meta;
}

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface Probe {
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: { readonly path?: string; readonly port?: number | string; readonly scheme?: string };
  readonly tcpSocket?: { readonly port?: number | string };
  readonly grpc?: { readonly port?: number; readonly service?: string };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
  readonly successThreshold?: number;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly restartPolicy?: string;
  readonly ports?: readonly { containerPort: number }[];
  readonly resources?: { readonly requests?: Readonly<Record<string, string>>; readonly limits?: Readonly<Record<string, string>> };
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
}

export interface Ended {
  readonly exitCode: number;
  readonly reason?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: Ended;
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
  readonly containerID?: string;
}

export interface Pod extends Obj {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly priority?: number;
    readonly schedulingGates?: readonly { readonly name: string }[];
    readonly schedulerName?: string;
  };
  readonly status?: {
    readonly nominatedNodeName?: string;
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly qosClass?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface Node extends Obj {
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly Taint[];
  };
  readonly status?: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly capacity?: Readonly<Record<string, string>>;
    readonly conditions?: readonly Condition[];
  };
}

export interface Service extends Obj {
  readonly spec?: {
    readonly clusterIP?: string;
    readonly type?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly { port: number; nodePort?: number }[];
  };
}

export interface EndpointSlice extends Obj {
  readonly endpoints?: readonly {
    readonly addresses?: readonly string[];
    readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
    readonly targetRef?: { readonly uid?: string; readonly name?: string };
    readonly nodeName?: string;
  }[] | null;
}

export interface Event extends Obj {
  readonly reason?: string;
  readonly message?: string;
  readonly type?: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject: { readonly kind?: string; readonly uid?: string; readonly name?: string; readonly fieldPath?: string };
}

/** A quantity (`250m`, `64Mi`, `1Gi`, `2`, `1e3`) as a number of its base unit; 0 for none. */
export function quantity(text: string | undefined): number {
  const found = /^([+-]?[\d.]+(?:e[+-]?\d+)?)(m|u|n|[kMGTPE]i?)?$/i.exec(text ?? "");
  if (!found?.[1]) return 0;
  const unit = found[2] ?? "";
  const small: Record<string, number> = { m: 1e-3, u: 1e-6, n: 1e-9, k: 1e3 };
  if (unit in small && !unit.endsWith("i")) return Number(found[1]) * (small[unit] ?? 1);
  const power = " KMGTPE".indexOf(unit.charAt(0).toUpperCase());
  return Number(found[1]) * (power > 0 ? (unit.endsWith("i") ? 1024 : 1000) ** power : 1);
}

/** The condition of a type; undefined where the object has none. */
export function condition(object: Pod | Node, type: string): Condition | undefined {
  return object.status?.conditions?.find((each) => each.type === type);
}

/** An init container that goes on running beside the others. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === "Always";
}
