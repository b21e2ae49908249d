import { isDeepStrictEqual } from "node:util";
import type { Aim } from "../../../src/model/fault.ts";
import type { Plain } from "../../../src/model/cluster.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Api } from "../api/api.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { findWorkload, isWhole, readLocated } from "./located.ts";
import { assertUnmarked, fieldOf, markLabel, markOf, swap, swapBack, valueAt, type Swap } from "./swap.ts";
import type { Amounts, WorkloadThing } from "./things.ts";

const kind = "wrong-limits";

const needs: readonly Need[] = ["deployments", "statefulsets"].map((resource) => ({ verbs: ["get", "patch"], group: "apps", resource, namespaced: true }));

export interface LimitsAim extends Aim {
  readonly swap: Swap;
}

export interface LimitsOptions {
  /** Such as `"4Mi"`. */
  readonly memory?: `${number}${"Ki" | "Mi" | "Gi"}`;
  /** Such as `"10m"`. */
  readonly cpu?: `${number}m` | `${number}`;
  /** Default: the first of the pod. */
  readonly container?: string;
}

/** Are they still there? A return to the old release leaves the mark, and takes them away. */
async function areOurs(api: Api, { swap: { at, mark, fields } }: LimitsAim): Promise<boolean> {
  const thing = await readLocated<WorkloadThing>(api, at);
  return thing?.metadata.labels?.[markLabel] === mark && fields.some(({ path, was }) => !isDeepStrictEqual(valueAt(thing, path), was));
}

/** Puts the limits back that there were; the server writes amounts in its own way. */
export async function healWrongLimits({ api }: KubernetesCluster, aim: LimitsAim): Promise<boolean> {
  await swapBack(api, aim.swap, true);
  return isWhole(api, aim.swap.at);
}

/**
 * Gives a workload's containers less than they need, as a mistaken release does: its pods are replaced one
 * after the other, and the new ones are killed for memory, starve for CPU, or find no node. Ended by a
 * return to the old release (`undo()`), or lifted; recovered when the old resources are back and all is whole.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when the workload has no such container, or is scaled to nothing
 * @example { fault: wrongLimits("shop", { memory: "4Mi" }), recover: { by: undo(), within: "3m" } }
 */
export function wrongLimits(workload: string, { memory, cpu, container }: LimitsOptions): KubernetesFault<LimitsAim, "platform" | "rollback" | "lift"> {
  const given: Amounts = { ...(memory !== undefined && { memory }), ...(cpu !== undefined && { cpu }) };
  return Object.freeze({
    kind,
    harm: `limits ${workload} to ${Object.entries(given).map(([name, amount]) => `${amount} of ${name}`).join(" and ")}`,
    mendedBy: { platform: true, rollback: true, lift: true },
    costs: [{ what: "release", name: workload }],
    needs,
    aim: async (cluster, random) => {
      if (Object.keys(given).length === 0) throw problem("SEA_AIM_EMPTY", { fault: kind, what: "neither memory nor cpu is named" });
      const { at, thing } = await findWorkload(kind, cluster, workload);
      assertUnmarked(kind, thing);
      const { containers } = thing.spec.template.spec;
      const index = container === undefined ? 0 : containers.findIndex(({ name }) => name === container);
      const chosen = containers[index];
      if (!chosen) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `${workload} has no container '${container}' among ${containers.map(({ name }) => name).join(", ")}` });
      const { limits, requests, ...others } = chosen.resources ?? {};
      // A request above its limit is refused.
      const now: Plain = { ...(others as Record<string, Plain>), limits: { ...limits, ...given }, requests: { ...requests, ...given } };
      return {
        targets: [{ what: "release", name: workload }],
        swap: { at, mark: markOf(cluster.run, random), fields: [fieldOf(thing, ["spec", "template", "spec", "containers", index, "resources"], now)] },
      };
    },
    inject: async ({ api }, aim) => void (await swap(api, aim.swap)),
    recovered: async ({ api }, aim) => !(await areOurs(api, aim)) && isWhole(api, aim.swap.at),
    heal: healWrongLimits,
  } satisfies KubernetesFault<LimitsAim, "platform" | "rollback" | "lift">);
}
