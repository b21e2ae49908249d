import type { Mending } from "../../../src/model/fault.ts";
import { chaosFault, type ChaosFault, type ChaosOptions } from "./fault.ts";
import type { OnceActions } from "./chaos.ts";
import type { ScheduleSpec, Specs, WorkflowSpec } from "./specs/index.ts";

interface Metadata {
  /** What the object's name begins with; a run adds its own end, so that no two meet. */
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface AllSpecs extends Specs {
  readonly Schedule: ScheduleSpec;
  readonly Workflow: WorkflowSpec;
}

/** An object of one kind of Chaos Mesh that harms, as kubectl takes it. */
interface ManifestOf<K extends keyof AllSpecs> {
  readonly apiVersion: "chaos-mesh.org/v1alpha1";
  readonly kind: K;
  readonly metadata?: Metadata;
  readonly spec: AllSpecs[K];
}

/** An object of any kind of Chaos Mesh that harms. */
export type Manifest = { [K in keyof AllSpecs]: ManifestOf<K> }[keyof AllSpecs];

/** Who can end it: by its kind, its action, and whether it has a duration. */
type Ending<M> = 0 extends 1 & M
  ? "platform" | "end" | "lift"
  : M extends { readonly kind: "Schedule" }
    ? "lift"
    : M extends { readonly kind: "Workflow" } | { readonly spec: { readonly duration: string } }
      ? "end" | "lift"
      : M extends { readonly spec: { readonly action: OnceActions } }
        ? "platform"
        : "lift";

/**
 * Any object of Chaos Mesh as a fault: of every kind that harms, schedules and workflows as well.
 * Takes what a YAML file holds, parsed. A schedule has no end of its own: `lift()` ends it. A workflow
 * ends with its entry's deadline, and is aborted when it is healed.
 *
 * @throws (when planning) SEA_CHAOS_KIND, _FIELD, _LACKS, _VALUE, _RULE, _TIME, _REMOTE
 * @example
 * chaosMesh(parse(readFileSync("pod-kill.yaml", "utf8")))
 */
export function chaosMesh<const K extends keyof AllSpecs, const M extends ManifestOf<K>>(manifest: M & { readonly kind: K }, options?: ChaosOptions): ChaosFault<Ending<M>> {
  return chaosFault<Mending>(manifest as never, options) as ChaosFault<Ending<M>>;
}
