/** The test bed as plain functions: up, down, status. What is done to one node is in node/node.ts. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bedOf, folderOfBeds, nodeNames, type Bed } from "./bed.ts";
import { built } from "./build/builder.ts";
import { needed, recipes } from "./build/recipes.ts";
import { call } from "./control/call.ts";
import { partPid, parts, startControl } from "./control/plane.ts";
import { imagesFile } from "./images/images.ts";
import { cgroupLack, groupPids, makeGroup, removeGroup } from "./machine/cgroups.ts";
import { run, until } from "./machine/command.ts";
import { underLock } from "./machine/lock.ts";
import { makeWorld, namespaceFile, namespaces, removeNamespace } from "./machine/network.ts";
import { installPackages, machineLack } from "./machine/packages.ts";
import { killAll, networkPids } from "./machine/processes.ts";
import { startNode, stateOf, type NodeState } from "./node/node.ts";

type Say = (line: string) => void;

const lockOf = (bed: Bed): string => join("/run/lock", `seatrial-testbed-${bed.name}`);

/** What keeps a bed from being had on this machine; undefined when nothing does. */
export const lack = (): string | undefined => machineLack() ?? cgroupLack();

/**
 * Brings a bed up, and what is missing of one that is up: killed programs, stopped nodes, nodes that
 * it did not have. Ends when every real node is Ready.
 *
 * @param nodes how many real nodes; a bed keeps the ones it has beyond that
 */
export async function up(name: string, nodes: number, say: Say = () => {}): Promise<Bed> {
  const bed = bedOf(name);
  const missing = lack();
  if (missing !== undefined) throw new Error(`a test bed needs ${missing}`);
  await installPackages(say);
  for (const component of needed) await built(recipes[component], say);
  const images = await imagesFile();
  await underLock(lockOf(bed), async () => {
    if (!existsSync(bed.folder)) rmSync(bed.logs, { recursive: true, force: true });
    for (const folder of [bed.folder, bed.logs]) mkdirSync(folder, { recursive: true });
    await raiseLimits();
    makeGroup(`${bed.cgroup}/world`);
    await makeWorld(bed);
    await startControl(bed);
    await Promise.all(nodeNames(nodes).map((node) => startNode(bed, node, images)));
    await until("nodes that are Ready", 120_000, async () => {
      const ready = new Set((await nodesOf(bed)).filter((node) => node.ready).map((node) => node.name));
      return nodeNames(nodes).every((node) => ready.has(node));
    });
    await until("the default service account", 30_000, async () => (await call(bed, "GET", "/api/v1/namespaces/default/serviceaccounts/default")).status === 200);
  }, () => say(`waiting for another who works on bed '${name}'…`));
  return bed;
}

/** Takes a bed down without a trace, whatever state it is in; the logs stay. A bed that is not there is down. */
export async function down(name: string, say: Say = () => {}): Promise<void> {
  const bed = bedOf(name);
  await underLock(lockOf(bed), async () => {
    const files = namespaces(name).map(namespaceFile);
    await killAll(`all processes of bed '${name}'`, () => [...groupPids(bed.cgroup), ...networkPids(files)]);
    for (const namespace of namespaces(name)) await removeNamespace(namespace);
    await removeGroup(bed.cgroup);
    for (const mount of mountsUnder(bed.folder)) await run(["umount", "-l", mount]);
    rmSync(bed.folder, { recursive: true, force: true });
    if (beds().length === 0) await restoreLimits();
  }, () => say(`waiting for another who works on bed '${name}'…`));
  rmSync(lockOf(bed), { force: true });
}

const mountsUnder = (folder: string): readonly string[] =>
  readFileSync("/proc/self/mounts", "utf8").split("\n").map((line) => line.split(" ")[1] ?? "").filter((mount) => mount.startsWith(`${folder}/`)).reverse();

/** The names of all beds of which anything is there. */
export function beds(): readonly string[] {
  const folders = existsSync(folderOfBeds) ? readdirSync(folderOfBeds, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name) : [];
  return [...new Set(folders)].sort();
}

export interface NodeStatus {
  readonly name: string;
  /** As the cluster sees it. */
  readonly ready: boolean;
  readonly fake: boolean;
}

async function nodesOf(bed: Bed): Promise<readonly NodeStatus[]> {
  const { body } = await call(bed, "GET", "/api/v1/nodes");
  return (body?.items ?? []).map((node: any): NodeStatus => ({
    name: node.metadata.name,
    ready: node.status.conditions?.some((one: any) => one.type === "Ready" && one.status === "True") ?? false,
    fake: node.metadata.annotations?.["kwok.x-k8s.io/node"] !== undefined,
  }));
}

export interface Status {
  readonly bed: Bed;
  readonly control: Readonly<Record<string, number | undefined>>;
  readonly machines: Readonly<Record<string, NodeState>>;
  /** Empty while the API server does not answer. */
  readonly nodes: readonly NodeStatus[];
}

/** What there is of a bed; undefined when there is nothing. */
export async function status(name: string): Promise<Status | undefined> {
  const bed = bedOf(name);
  if (!existsSync(bed.folder)) return undefined;
  const control = Object.fromEntries(await Promise.all(parts.map(async (part) => [part, await partPid(bed, part)] as const)));
  const folder = join(bed.folder, "nodes");
  const names = existsSync(folder) ? readdirSync(folder).sort((one, other) => one.localeCompare(other, "en", { numeric: true })) : [];
  const machines = Object.fromEntries(await Promise.all(names.map(async (node) => [node, await stateOf(bed, node)] as const)));
  return { bed, control, machines, nodes: await nodesOf(bed) };
}

/** What the kernel allows one user, over all beds; what it was is put back with the last of them. */
const limit = "/proc/sys/fs/inotify/max_user_instances";
const limitNote = join(folderOfBeds, "inotify-instances");
const wantedInstances = 8_192;

async function raiseLimits(): Promise<void> {
  await underLock("/run/lock/seatrial-testbed-limits", async () => {
    const now = readFileSync(limit, "utf8").trim();
    if (Number(now) >= wantedInstances) return;
    writeFileSync(limitNote, now);
    writeFileSync(limit, String(wantedInstances));
  });
}

async function restoreLimits(): Promise<void> {
  await underLock("/run/lock/seatrial-testbed-limits", async () => {
    if (beds().length > 0 || !existsSync(limitNote)) return;
    writeFileSync(limit, readFileSync(limitNote, "utf8"));
    rmSync(limitNote);
  });
}
