import type { Cluster, Release, Workload } from "../model/cluster.ts";
import type { Aim, Fault } from "../model/fault.ts";
import { problem } from "../units/errors.ts";
import { whole } from "./whole.ts";

const kind = "bad-canary";

export interface CanaryAim extends Aim {
  readonly workload: string;
  readonly release: Release;
  /** What ran before, and has to run again. */
  readonly stable: string;
  readonly wanted: number;
}

const find = async (cluster: Cluster, name: string): Promise<Workload | undefined> => (await cluster.workloads()).find((one) => one.name === name);

/** Whole with the stable version, and no pod of the release in service. */
async function stableWhole(cluster: Cluster, aim: CanaryAim): Promise<boolean> {
  const serves = (await cluster.pods()).some((pod) => pod.workload === aim.workload && pod.ready && pod.version === aim.release.version);
  return !serves && whole(cluster, { [aim.workload]: aim.wanted }, (pod) => pod.version === aim.stable);
}

/** Takes the release back: undoes it under way, ships the old version where it was promoted. Releases of others are let be. */
export async function healBadCanary(cluster: Cluster, aim: CanaryAim): Promise<boolean> {
  const rollout = (await find(cluster, aim.workload))?.rollout;
  const bad = aim.release.version;
  if (rollout?.candidate === bad) {
    await cluster.undo(aim.workload);
    return false;
  }
  if (rollout?.stable === bad) {
    if (rollout.candidate === undefined) await cluster.ship(aim.workload, { version: aim.stable });
    return false;
  }
  return rollout?.stable === aim.stable ? stableWhole(cluster, aim) : whole(cluster, { [aim.workload]: aim.wanted });
}

/**
 * Ships a bad release as a canary. Recovered when it was taken back, by the platform or by
 * `undo()`, and the stable version is whole; a promoted one is not recovered.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when the workload is unknown, rolls something out, or runs that version already
 * @example badCanary("cart", { version: "broken", env: { MODE: "failing" } })
 */
export function badCanary(workload: string, release: Release): Fault<Cluster, CanaryAim, "platform" | "rollback"> {
  const empty = (what: string) => problem("SEA_AIM_EMPTY", { fault: kind, what });
  return Object.freeze({
    kind,
    harm: `ships ${release.version} to ${workload}`,
    mendedBy: { platform: true, rollback: true },
    costs: [{ what: "release", name: workload }],
    aim: async (cluster) => {
      const now = await find(cluster, workload);
      if (!now) throw empty(`no workload '${workload}'`);
      if (now.rollout.phase === "progressing") throw empty(`${workload} is rolling out ${now.rollout.candidate}`);
      if (now.rollout.stable === release.version) throw empty(`${workload} runs ${release.version} already`);
      return {
        targets: [{ what: "release", name: workload }],
        workload,
        release: JSON.parse(JSON.stringify(release)) as Release,
        stable: now.rollout.stable,
        wanted: now.wanted,
      };
    },
    inject: (cluster, aim) => cluster.ship(aim.workload, aim.release),
    recovered: async (cluster, aim) => {
      const rollout = (await find(cluster, aim.workload))?.rollout;
      return rollout?.phase === "rolled-back" && rollout.stable === aim.stable && rollout.weight === 0 && stableWhole(cluster, aim);
    },
    heal: healBadCanary,
  } satisfies Fault<Cluster, CanaryAim, "platform" | "rollback">);
}
