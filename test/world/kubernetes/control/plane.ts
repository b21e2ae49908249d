import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { network, type Bed } from "../bed.ts";
import { built } from "../build/builder.ts";
import { recipes } from "../build/recipes.ts";
import { makeGroup } from "../machine/cgroups.ts";
import { until } from "../machine/command.ts";
import { inside } from "../machine/network.ts";
import { killAll, programPid } from "../machine/processes.ts";
import { launch } from "../machine/spawn.ts";
import { proxyText } from "../node/config.ts";
import { makePki, pkiOf, userConfig } from "../pki/authority.ts";
import { call } from "./call.ts";
import { apiFlags, controllerFlags, etcdFlags, schedulerFlags, type Part } from "./config.ts";

/** In the order of their start. The proxy makes Services answer in the world, too. */
export const parts: readonly Part[] = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"];

const groupOf = (bed: Bed): string => `${bed.cgroup}/world`;
const programOf = async (part: Part): Promise<string> => join(await built(part === "etcd" ? recipes.etcd : recipes.kubernetes, () => {}), part);

export async function partPid(bed: Bed, part: Part): Promise<number | undefined> {
  return programPid(groupOf(bed), await programOf(part));
}

/** Kills a part of the control plane with -9. */
export async function killPart(bed: Bed, part: Part): Promise<void> {
  const program = await programOf(part);
  await killAll(part, () => [programPid(groupOf(bed), program) ?? []].flat());
}

/** Starts a part of the control plane where it does not run; does not wait until it answers. */
export async function startPart(bed: Bed, part: Part): Promise<void> {
  const program = await programOf(part);
  if (programPid(groupOf(bed), program) !== undefined) return;
  makeGroup(groupOf(bed));
  const folder = join(bed.folder, "control");
  mkdirSync(folder, { recursive: true });
  await launch(groupOf(bed), join(bed.logs, `${part}.log`), inside(bed.world, program, ...flagsOf(bed, part, folder)), { cwd: folder });
}

function flagsOf(bed: Bed, part: Part, folder: string): readonly string[] {
  const pki = pkiOf(bed);
  if (part === "etcd") return etcdFlags(bed);
  if (part === "kube-apiserver") return apiFlags(pki, folder);
  const kubeconfig = userConfig(bed, { name: `system:${part}` });
  if (part === "kube-controller-manager") return controllerFlags(pki, kubeconfig, join(folder, "volume-plugins"), folder);
  if (part === "kube-scheduler") return schedulerFlags(kubeconfig, folder);
  const file = join(folder, "proxy.yaml");
  writeFileSync(file, proxyText("world", network.api, kubeconfig));
  return [`--config=${file}`];
}

/** Starts whatever of the control plane does not run, and waits until the API server answers. */
export async function startControl(bed: Bed): Promise<void> {
  makePki(bed);
  userConfig(bed, { name: "admin", groups: ["system:masters"] });
  userConfig(bed, { name: "guest" });
  await startPart(bed, "etcd");
  await startPart(bed, "kube-apiserver");
  await until("an API server that is ready", 90_000, async () => (await call(bed, "GET", "/readyz")).status === 200);
  for (const part of parts) await startPart(bed, part);
}
