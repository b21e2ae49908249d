/** What Chaos Mesh and Seatrial write on objects. */
import type { Resource, Thing } from "../../api/api.ts";
import { places } from "../shapes.ts";
import type { Kinds } from "../kinds.ts";

export const labels = {
  /** On everything that a run makes: its id. */
  run: "seatrial.dev/run",
  /** On everything that a storm makes: the name of its first object. */
  storm: "seatrial.dev/storm",
  /** Chaos Mesh's own, on what a Schedule makes. */
  schedule: "managed-by",
  /** Chaos Mesh's own, on what a Workflow makes. */
  workflow: "chaos-mesh.org/workflow",
} as const;

/** Chaos Mesh's own: the one keeps a fault from being injected, the other ends a workflow. */
export const annotations = { pause: "experiment.chaos-mesh.org/pause", abort: "workflow.chaos-mesh.org/abort" } as const;

export type Kind = keyof typeof places;

/** Where the API server keeps objects of a kind. */
export const resourceOf = (kind: Kind): Resource => ({ group: "chaos-mesh.org", version: "v1alpha1", plural: places[kind].plural, kind, namespaced: places[kind].namespaced });

type AnyStatus = NonNullable<Kinds["PodChaos"]["status"]>;

/** An object of any kind of Chaos Mesh; `status` is not there before its controller has seen it. */
export interface ChaosThing extends Thing {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: Partial<AnyStatus> & { readonly [field: string]: unknown };
}
