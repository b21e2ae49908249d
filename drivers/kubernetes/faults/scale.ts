import { percentFraction, type Percent } from "../../../src/units/percent.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Aim, Cost } from "../../../src/model/fault.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { findWorkload, isWhole } from "./located.ts";
import { assertUnmarked, fieldOf, isSwapped, markOf, swap, swapBack, type Swap } from "./swap.ts";

const kind = "scale-down";

const needs: readonly Need[] = ["deployments", "statefulsets"].map((resource) => ({ verbs: ["get", "patch"], group: "apps", resource, namespaced: true }));

export interface ScaleAim extends Aim {
  readonly swap: Swap;
}

/** Asks for the replicas that there were, where nobody else has asked for others. */
export async function healScaleDown({ api }: KubernetesCluster, aim: ScaleAim): Promise<boolean> {
  await swapBack(api, aim.swap);
  return isWhole(api, aim.swap.at);
}

function scaled(workload: string, harm: string, cost: Cost, leftOf: (replicas: number) => number): KubernetesFault<ScaleAim, "platform" | "lift"> {
  return Object.freeze({
    kind,
    harm,
    mendedBy: { platform: true, lift: true },
    costs: [cost],
    needs,
    aim: async (cluster, random) => {
      const { at, thing } = await findWorkload(kind, cluster, workload);
      assertUnmarked(kind, thing);
      const replicas = thing.spec.replicas ?? 1;
      const left = leftOf(replicas);
      if (replicas === 0 || left < 0 || left >= replicas) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `${workload} has ${replicas} replicas` });
      const pods = cost.what === "pod" ? (await cluster.pods()).filter((pod) => pod.workload === workload) : [];
      return {
        targets: cost.what === "pod"
          // Its controller chooses which: as many are weighed as will go.
          ? pods.slice(0, replicas - left).map(({ name }) => ({ what: "pod", name }))
          : [{ what: "workload", name: workload }],
        swap: { at, mark: markOf(cluster.run, random), fields: [fieldOf(thing, ["spec", "replicas"], left)] },
      };
    },
    inject: async ({ api }, aim) => void (await swap(api, aim.swap)),
    recovered: async ({ api }, aim) => !(await isSwapped(api, aim.swap)) && isWhole(api, aim.swap.at),
    heal: healScaleDown,
  } satisfies KubernetesFault<ScaleAim, "platform" | "lift">);
}

/**
 * Scales a workload down by so many replicas, and holds it there: what an autoscaler's mistake does. Which
 * pods go is its controller's choice. Ends when it is lifted.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when there are not so many beside the last one
 * @example { fault: scaleDown("shop", { by: "50%" }), recover: { by: lift({ after: "1m" }), within: "3m" } }
 */
export function scaleDown(workload: string, { by = 1 }: { readonly by?: number | Percent } = {}): KubernetesFault<ScaleAim, "platform" | "lift"> {
  const fewer = (replicas: number) => (typeof by === "number" ? by : Math.max(1, Math.floor(percentFraction(by) * replicas)));
  return scaled(workload, `takes ${by} replica${by === 1 ? "" : "s"} from ${workload}`, { what: "pod", count: by, name: workload }, (replicas) => (replicas - fewer(replicas) || -1));
}

/**
 * Scales a workload to nothing. Ends when it is lifted; recovered when all its replicas are ready again.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when it has none
 * @example { fault: scaleToZero("shop"), recover: { by: lift({ after: "30s" }), within: "2m" } }
 */
export function scaleToZero(workload: string): KubernetesFault<ScaleAim, "platform" | "lift"> {
  return scaled(workload, `scales ${workload} to zero`, { what: "workload", name: workload }, () => 0);
}
