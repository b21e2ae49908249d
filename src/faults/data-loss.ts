import type { Cluster } from "../model/cluster.ts";
import type { Aim, Fault } from "../model/fault.ts";
import { problem } from "../units/errors.ts";
import { byName, whole, type Wanted } from "./whole.ts";

const kind = "data-loss";

export interface DataAim extends Aim {
  readonly scope: string;
  /** The workloads that were whole: nobody says which of them need the data. */
  readonly wanted: Wanted;
}

const dataBack = async (cluster: Cluster, aim: DataAim) => (await cluster.holds(aim.scope)) && whole(cluster, aim.wanted);

/** Restores the newest backup when the data is not there. */
export async function healDataLoss(cluster: Cluster, aim: DataAim): Promise<boolean> {
  if (await cluster.holds(aim.scope)) return whole(cluster, aim.wanted);
  const newest = (await cluster.backups(aim.scope))[0];
  if (!newest) throw problem("SEA_RESTORE_EMPTY", { scope: aim.scope });
  await cluster.restore(aim.scope, newest.id);
  return dataBack(cluster, aim);
}

/**
 * Destroys a data scope; its backups stay. Recovered when the data is there again and every
 * workload that was whole before is whole.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when the scope is unknown or holds no data
 * @example dataLoss("orders")
 */
export function dataLoss(scope: string): Fault<Cluster, DataAim, "restore"> {
  return Object.freeze({
    kind,
    harm: `loses the data of ${scope}`,
    mendedBy: { restore: true },
    costs: [{ what: "data", name: scope }],
    aim: async (cluster) => {
      const scopes = await cluster.scopes();
      if (!scopes.includes(scope)) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `no data scope '${scope}' among ${scopes.join(", ") || "none"}` });
      if (!(await cluster.holds(scope))) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `the data of ${scope} is lost already` });
      const wholeNow = (await cluster.workloads()).filter((workload) => workload.ready >= workload.wanted).sort(byName);
      return {
        targets: [{ what: "data", name: scope }],
        scope,
        wanted: Object.fromEntries(wholeNow.map(({ name, wanted }) => [name, wanted])),
      };
    },
    inject: (cluster, aim) => cluster.lose(aim.scope),
    recovered: dataBack,
    heal: healDataLoss,
  } satisfies Fault<Cluster, DataAim, "restore">);
}
