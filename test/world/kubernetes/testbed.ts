/** The test bed as plain functions: up, down, status. What is done to one node is in node/node.ts, to a part of the control plane in control/plane.ts. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { bedOf, folderOfBeds, network, nodeNames, nodeOf, type Bed } from "./bed.ts";
import { built } from "./build/builder.ts";
import { isComponent, recipes, type Component } from "./build/recipes.ts";
import { call } from "./control/call.ts";
import { hookChaos, prepareChaos } from "./control/chaos.ts";
import { fakeMark } from "./control/config.ts";
import { fakeName, makeFakes } from "./control/fake.ts";
import { controlParts, partPid, parts, startControl, startPart } from "./control/plane.ts";
import { imagesFile } from "./images/images.ts";
import { cgroupLack, makeGroup, removeGroup } from "./machine/cgroups.ts";
import { ask, run, until } from "./machine/command.ts";
import { raiseLimits, restoreLimits } from "./machine/limits.ts";
import { underLock } from "./machine/lock.ts";
import { inside, makeWorld, namespaceFile, namespaces, removeNamespace } from "./machine/network.ts";
import { installPackages, machineLack } from "./machine/packages.ts";
import { killAll, killGroup, networkPids } from "./machine/processes.ts";
import { startNode, stateOf, type NodeState } from "./node/node.ts";
import { addWishes, keepWishes, wishesOf, type Wishes } from "./wishes.ts";

type Say = (line: string) => void;

const lockOf = (bed: Bed): string => `/run/lock/seatrial-testbed-bed-${bed.name}`;

/** What keeps a bed from being had on this machine; undefined when nothing does. */
const lack = (): string | undefined => machineLack() ?? cgroupLack();

/** What a bed needs that asks for this. */
const componentsOf = (wishes: Wishes): readonly Component[] => ["etcd", "kubernetes", ...(wishes.fake > 0 ? (["kwok"] as const) : []), ...wishes.with];

/**
 * Brings what beds are made of: packages, programs, images; minutes where nothing is there yet.
 *
 * @param components default: all there are
 */
export async function prepare(say: Say = () => {}, components: readonly Component[] = Object.keys(recipes).filter(isComponent)): Promise<string> {
  const missing = lack();
  if (missing !== undefined) throw new Error(`a test bed needs ${missing}`);
  await installPackages(say);
  for (const component of components) await built(recipes[component], say);
  return imagesFile();
}

/**
 * Brings a bed up, and what is missing of one that is up: killed programs, stopped, cut and
 * terminated nodes, nodes and extras that it did not have. Ends when every node is Ready.
 *
 * @param asked default: what the bed had before; two real nodes for a new one
 */
export async function up(name: string, asked: Partial<Wishes> = {}, say: Say = () => {}): Promise<Bed> {
  const bed = bedOf(name);
  const wanted = () => addWishes(wishesOf(bed) ?? { nodes: asked.nodes ?? 2, fake: 0, with: [] }, asked);
  const images = await prepare(say, componentsOf(wanted()));
  await underLock(lockOf(bed), async () => {
    const wishes = wanted();
    if (!existsSync(bed.folder)) rmSync(bed.logs, { recursive: true, force: true });
    for (const folder of [bed.folder, bed.logs]) mkdirSync(folder, { recursive: true });
    keepWishes(bed, wishes);
    await raiseLimits(folderOfBeds);
    makeGroup(`${bed.cgroup}/world`);
    await makeWorld(bed);
    await startControl(bed);
    await Promise.all([...nodeNames(wishes.nodes).map((node) => startNode(bed, node, images)), startFakes(bed, wishes.fake), startExtras(bed, wishes)]);
    await untilReady(bed, wishes);
  }, () => say(`waiting for another who works on bed '${name}'…`));
  return bed;
}

async function startFakes(bed: Bed, count: number): Promise<void> {
  if (count === 0) return;
  await startPart(bed, "kwok");
  await makeFakes(bed, count);
}

async function startExtras(bed: Bed, wishes: Wishes): Promise<void> {
  if (!wishes.with.includes("chaos-mesh")) return;
  await prepareChaos(bed);
  await startPart(bed, "chaos-controller-manager");
  await hookChaos(bed);
}

async function untilReady(bed: Bed, wishes: Wishes): Promise<void> {
  const names = [...nodeNames(wishes.nodes), ...Array.from({ length: wishes.fake }, (_, index) => fakeName(index))];
  let waiting = names;
  await until(() => `${waiting.slice(0, 5).join(", ")} Ready (logs: ${bed.logs})`, 180_000, async () => {
    const ready = new Set((await nodesOf(bed)).filter((node) => node.ready).map((node) => node.name));
    waiting = names.filter((node) => !ready.has(node));
    return waiting.length === 0;
  });
  const proxies = [network.api, ...nodeNames(wishes.nodes).map((node) => nodeOf(bed, node).address)];
  await until("the rules of Services", 60_000, async () => (await Promise.all(proxies.map((address) => keepsRules(bed, address)))).every(Boolean));
  await until("the default service account", 60_000, async () => (await call(bed, "GET", "/api/v1/namespaces/default/serviceaccounts/default")).status === 200);
}

/** Whether the kube-proxy at an address has its rules. */
async function keepsRules(bed: Bed, address: string): Promise<boolean> {
  return (await ask(inside(bed.world, "curl", "-sf", "--max-time", "5", "-o", "/dev/null", `http://${address}:10256/healthz`))).code === 0;
}

/** Takes a bed down without a trace, whatever state it is in; the logs stay. A bed that is not there is down. */
export async function down(name: string, say: Say = () => {}): Promise<void> {
  const bed = bedOf(name);
  await underLock(lockOf(bed), async () => {
    const files = namespaces(name).map(namespaceFile);
    await killGroup(`all processes of bed '${name}'`, bed.cgroup);
    await killAll(`all in the network of bed '${name}'`, () => networkPids(files));
    for (const namespace of namespaces(name)) await removeNamespace(namespace);
    await removeGroup(bed.cgroup);
    for (const mount of mountsUnder(bed.folder)) await run(["umount", "-l", mount]);
    rmSync(bed.folder, { recursive: true, force: true });
    await restoreLimits(folderOfBeds, () => beds().length === 0);
  }, () => say(`waiting for another who works on bed '${name}'…`));
}

const mountsUnder = (folder: string): readonly string[] =>
  readFileSync("/proc/self/mounts", "utf8").split("\n").map((line) => line.split(" ")[1] ?? "").filter((mount) => mount.startsWith(`${folder}/`)).reverse();

/** The names of all beds of which anything is there. */
export function beds(): readonly string[] {
  if (!existsSync(folderOfBeds)) return [];
  return readdirSync(folderOfBeds, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

interface NodeStatus {
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
    fake: node.metadata.annotations?.[fakeMark] !== undefined,
  }));
}

export interface Status {
  readonly bed: Bed;
  /** Its processes; undefined for one that should run and does not. */
  readonly control: Readonly<Record<string, number | undefined>>;
  readonly machines: Readonly<Record<string, NodeState>>;
  /** Empty while the API server does not answer. */
  readonly nodes: readonly NodeStatus[];
}

/** What there is of a bed; undefined when there is nothing. */
export async function status(name: string): Promise<Status | undefined> {
  const bed = bedOf(name);
  if (!existsSync(bed.folder)) return undefined;
  const wishes = wishesOf(bed) ?? { nodes: 0, fake: 0, with: [] };
  const wanted = [...controlParts, ...(wishes.fake > 0 ? ["kwok"] : []), ...(wishes.with.includes("chaos-mesh") ? ["chaos-controller-manager"] : [])];
  const control = Object.fromEntries(parts.filter((part) => wanted.includes(part)).map((part) => [part, partPid(bed, part)]));
  const machines = Object.fromEntries(await Promise.all(nodeNames(wishes.nodes).map(async (node) => [node, await stateOf(bed, node)] as const)));
  return { bed, control, machines, nodes: await nodesOf(bed) };
}
