/** The processes in a bed's world: the control plane, and what was asked for beside it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { network, type Bed } from "../bed.ts";
import { built } from "../build/builder.ts";
import { kwokStages, recipes, type Component } from "../build/recipes.ts";
import { makeGroup } from "../machine/cgroups.ts";
import { until } from "../machine/command.ts";
import { inside } from "../machine/network.ts";
import { killAll, programPid } from "../machine/processes.ts";
import { launch } from "../machine/spawn.ts";
import { proxyText } from "../node/config.ts";
import { makePki, pkiOf, userConfig } from "../pki/authority.ts";
import { call } from "./call.ts";
import { chaosEnv } from "./chaos.ts";
import { apiFlags, controllerFlags, etcdFlags, kwokFlags, schedulerFlags } from "./config.ts";

interface Start {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Kind {
  readonly component: Component;
  /**
   * @param folder for what it writes
   * @param built where its program is
   */
  readonly start: (bed: Bed, folder: string, built: string) => Start;
}

const configOf = (bed: Bed, part: string): string => userConfig(bed, { name: `system:${part}` });
const masterConfigOf = (bed: Bed, part: string): string => userConfig(bed, { name: part, groups: ["system:masters"] });

const kinds = {
  etcd: { component: "etcd", start: (bed) => ({ args: etcdFlags(bed) }) },
  "kube-apiserver": { component: "kubernetes", start: (bed, folder) => ({ args: apiFlags(pkiOf(bed), folder) }) },
  "kube-controller-manager": {
    component: "kubernetes",
    start: (bed, folder) => ({ args: controllerFlags(pkiOf(bed), configOf(bed, "kube-controller-manager"), join(folder, "volume-plugins"), folder) }),
  },
  "kube-scheduler": { component: "kubernetes", start: (bed, folder) => ({ args: schedulerFlags(configOf(bed, "kube-scheduler"), folder) }) },
  // With it Services answer in the world, too, through whatever nodes are up. It waits half a minute for a
  // node of its own name, and the world is none; of the one that it names it takes nothing but that it is there.
  "kube-proxy": {
    component: "kubernetes",
    start: (bed, folder) => {
      const file = join(folder, "proxy.yaml");
      writeFileSync(file, proxyText("node1", network.api, configOf(bed, "kube-proxy")));
      return { args: [`--config=${file}`] };
    },
  },
  kwok: { component: "kwok", start: (bed, folder, built) => ({ args: kwokFlags(masterConfigOf(bed, "kwok"), kwokStages.map((stage) => join(built, stage))), env: { HOME: folder } }) },
  "chaos-controller-manager": { component: "chaos-mesh", start: (bed, folder) => ({ args: [], env: chaosEnv(bed, folder, masterConfigOf(bed, "chaos-mesh")) }) },
} as const satisfies Readonly<Record<string, Kind>>;

export type Part = keyof typeof kinds;

/** In the order of their start. */
export const controlParts: readonly Part[] = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"];
export const parts = Object.keys(kinds) as readonly Part[];
export const isPart = (name: string): name is Part => Object.hasOwn(kinds, name);

const groupOf = (bed: Bed): string => `${bed.cgroup}/world`;

/** The process of a part; undefined when it does not run. */
export const partPid = (bed: Bed, part: Part): number | undefined => programPid(groupOf(bed), part);

/** Kills a part with -9. */
export async function killPart(bed: Bed, part: Part): Promise<void> {
  await killAll(part, () => [programPid(groupOf(bed), part) ?? []].flat());
}

/** Starts a part where it does not run; does not wait until it answers. */
export async function startPart(bed: Bed, part: Part): Promise<void> {
  if (programPid(groupOf(bed), part) !== undefined) return;
  makeGroup(groupOf(bed));
  const folder = join(bed.folder, "control", part);
  mkdirSync(folder, { recursive: true });
  const kind: Kind = kinds[part];
  const programs = await built(recipes[kind.component], () => {});
  const { args, env } = kind.start(bed, folder, programs);
  await launch(groupOf(bed), join(bed.logs, `${part}.log`), inside(bed.world, join(programs, part), ...args), { cwd: folder, ...(env === undefined ? {} : { env }) });
}

/** Starts whatever of the control plane does not run, and waits until the API server answers. */
export async function startControl(bed: Bed): Promise<void> {
  makePki(bed);
  userConfig(bed, { name: "admin", groups: ["system:masters"] });
  userConfig(bed, { name: "guest" });
  await startPart(bed, "etcd");
  await startPart(bed, "kube-apiserver");
  await until("an API server that is ready", 90_000, async () => (await call(bed, "GET", "/readyz")).status === 200);
  for (const part of controlParts) await startPart(bed, part);
}
