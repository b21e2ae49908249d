import type { Aim } from "../../../src/model/fault.ts";
import { problem } from "../../../src/units/errors.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { findWorkload, isWhole, isWholeThing, readLocated, resourceOf, type Located } from "./located.ts";
import { fieldOf, markOf, valueAt, type Field } from "./swap.ts";
import type { WorkloadThing } from "./things.ts";

const kind = "rolling-restart";

/** The annotation that kubectl rollout restart sets: what it does, and leaves behind, is what users know. */
const restarted = "kubectl.kubernetes.io/restartedAt";
const path = ["spec", "template", "metadata", "annotations", restarted] as const;

const needs: readonly Need[] = ["deployments", "statefulsets"].map((resource) => ({ verbs: ["get", "patch"], group: "apps", resource, namespaced: true }));

export interface RestartAim extends Aim {
  readonly at: Located;
  readonly field: Field;
}

const annotate = (value: string | null) => ({ merge: { spec: { template: { metadata: { annotations: { [restarted]: value } } } } } });

/** Lets a restart that is done be; one that is stuck is taken back, which the replicas that are left make quick. */
export async function healRollingRestart({ api }: KubernetesCluster, { at, field }: RestartAim): Promise<boolean> {
  const thing = await readLocated<WorkloadThing>(api, at);
  if (!thing) return false;
  if (isWholeThing(thing)) return true;
  if (valueAt(thing, path) === field.now) await api.patch(resourceOf(at), at.name, at.namespace, annotate((field.was as string | undefined) ?? null));
  return false;
}

/**
 * Restarts all pods of a workload at the pace of its own strategy, as `kubectl rollout restart` does.
 * Recovered when every one is replaced and ready.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when the workload is not whole
 * @example rollingRestart("shop")
 */
export function rollingRestart(workload: string): KubernetesFault<RestartAim, "platform"> {
  return Object.freeze({
    kind,
    harm: `restarts all pods of ${workload}, one after the other`,
    mendedBy: { platform: true },
    costs: [{ what: "release", name: workload }],
    needs,
    aim: async (cluster, random) => {
      const { at, thing } = await findWorkload(kind, cluster, workload);
      if (!isWholeThing(thing) || (thing.spec.replicas ?? 1) === 0) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `${workload} is not whole: a rollout is under way, or replicas are missing` });
      return { targets: [{ what: "release", name: workload }], at, field: fieldOf(thing, path, `seatrial-${markOf(cluster.run, random)}`) };
    },
    inject: async ({ api }, { at, field }) => void (await api.patch(resourceOf(at), at.name, at.namespace, annotate(field.now as string))),
    recovered: async ({ api }, { at, field }) => {
      const thing = await readLocated<WorkloadThing>(api, at);
      // Somebody's newer restart counts as well.
      return thing !== undefined && valueAt(thing, path) !== field.was && isWhole(api, at);
    },
    heal: healRollingRestart,
  } satisfies KubernetesFault<RestartAim, "platform">);
}
