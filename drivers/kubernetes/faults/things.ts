import type { Thing } from "../api/api.ts";

/** Objects of the API server, as far as faults read them. */
export interface PodThing extends Thing {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly Container[];
    readonly volumes?: readonly { readonly name: string; readonly emptyDir?: object | null }[];
    readonly tolerations?: readonly Toleration[];
  };
  readonly status?: {
    readonly phase?: string;
    /** The generation that the kubelet went by; servers have it since 1.34. */
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly resources?: { readonly limits?: Amounts; readonly requests?: Amounts };
}

/** Resources by name, as `{ memory: "64Mi" }`. */
export type Amounts = Readonly<Record<string, string>>;

export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly containerID?: string;
  readonly state?: { readonly running?: object; readonly terminated?: object; readonly waiting?: { readonly reason?: string } };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

export interface NodeThing extends Thing {
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[]; readonly providerID?: string };
  readonly status?: { readonly addresses?: readonly { readonly type: string; readonly address: string }[]; readonly conditions?: readonly Condition[] };
}

/** A Deployment or StatefulSet. */
export interface WorkloadThing extends Thing {
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: Selector;
    readonly template: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> }; readonly spec: { readonly containers: readonly Container[] } };
  };
  readonly status?: { readonly observedGeneration?: number; readonly replicas?: number; readonly readyReplicas?: number; readonly updatedReplicas?: number; readonly currentRevision?: string; readonly updateRevision?: string };
}

export interface ServiceThing extends Thing {
  readonly spec: { readonly selector?: Readonly<Record<string, string>> };
}

export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

/** Does a label selector choose an object with these labels? An empty one chooses all. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      default:
        return value === undefined;
    }
  });
}

export const isTrue = (conditions: readonly Condition[] | undefined, type: string): boolean => conditions?.some((one) => one.type === type && one.status === "True") ?? false;
