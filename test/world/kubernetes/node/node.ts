import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { type Bed, nodeOf, type NodePlace } from "../bed.ts";
import { built } from "../build/builder.ts";
import { recipes } from "../build/recipes.ts";
import { call } from "../control/call.ts";
import { makeGroup, removeGroup } from "../machine/cgroups.ts";
import { ask, run, until } from "../machine/command.ts";
import { cable, namespaceFile, plug, plugged, removeNamespace } from "../machine/network.ts";
import { childPid, killAll, killGroup, programPid } from "../machine/processes.ts";
import { launch } from "../machine/spawn.ts";
import { pkiOf, userConfig } from "../pki/authority.ts";
import { cniText, containerdText, initText, kubeletText, ownFolders, proxyText, socket } from "./config.ts";

export type NodeState = "up" | "stopped" | "cut" | "gone";
type Program = "containerd" | "kubelet" | "kube-proxy";
export const programs: readonly Program[] = ["containerd", "kubelet", "kube-proxy"];
export const isProgram = (name: string): name is Program => programs.some((one) => one === name);

const systemGroup = (node: NodePlace): string => `${node.cgroup}/system`;
const at = (node: NodePlace, ...path: readonly string[]): string => join(node.folder, ...path);
const programFile = async (program: Program): Promise<string> => (program === "containerd" ? "/usr/bin/containerd" : join(await built(recipes.kubernetes, () => {}), program));
const logOf = (bed: Bed, node: NodePlace, name: string): string => join(bed.logs, `${node.name}-${name}.log`);

/** The first process of a node's machine, as this machine numbers it. */
function initPid(node: NodePlace): number | undefined {
  const keeper = programPid(systemGroup(node), "unshare");
  return keeper === undefined ? undefined : childPid(keeper);
}

/** A node's folder is kept while its machine is stopped and goes with it. */
export async function stateOf(bed: Bed, name: string): Promise<NodeState> {
  const node = nodeOf(bed, name);
  if (!existsSync(node.folder)) return "gone";
  if (initPid(node) === undefined) return "stopped";
  return (await plugged(bed, node)) ? "up" : "cut";
}

/** The process of a node's program, as this machine numbers it; undefined when it does not run. */
export const programOf = (bed: Bed, name: string, program: Program): number | undefined => programPid(systemGroup(nodeOf(bed, name)), program);

/** Switches a node's machine on, where it is off, and starts what does not run on it; does not wait until it is Ready. */
export async function startNode(bed: Bed, name: string, images: string): Promise<void> {
  const node = nodeOf(bed, name);
  makeGroup(node.cgroup);
  makeGroup(systemGroup(node));
  mkdirSync(at(node, "cni"), { recursive: true });
  await cable(bed, node);
  const init = initPid(node) ?? (await boot(bed, node));
  const own = async (program: Program, ...words: readonly string[]) => {
    if (programPid(systemGroup(node), program) !== undefined) return;
    const file = await programFile(program);
    await launch(systemGroup(node), logOf(bed, node, program), ["nsenter", "-t", String(init), "-m", "-p", "-u", "-i", `--net=${namespaceFile(node.namespace)}`, file, ...words], { cwd: node.folder });
  };
  writeFileSync(at(node, "cni", "10-pods.conflist"), cniText(node));
  writeFileSync(at(node, "containerd.toml"), containerdText(node));
  writeFileSync(at(node, "kubelet.yaml"), kubeletText(node, pkiOf(bed).authority, openFiles()));
  writeFileSync(at(node, "proxy.yaml"), proxyText(name, node.address, userConfig(bed, { name: "system:kube-proxy" })));
  await own("containerd", "--config", at(node, "containerd.toml"));
  await until(`containerd on ${name}`, 60_000, async () => (await tryCtr(node, "version")) === 0);
  await importOnce(bed, node, images);
  const kubeconfig = userConfig(bed, { name: `system:node:${name}`, groups: ["system:nodes"] });
  const labels = `topology.kubernetes.io/region=testbed,topology.kubernetes.io/zone=${node.zone},node.kubernetes.io/instance-type=testbed`;
  await own("kubelet", `--config=${at(node, "kubelet.yaml")}`, `--kubeconfig=${kubeconfig}`, `--hostname-override=${name}`, `--node-ip=${node.address}`, `--node-labels=${labels}`);
  await own("kube-proxy", `--config=${at(node, "proxy.yaml")}`);
}

/** The machine alone: namespaces of its own, and a first process that the others live and die with. */
async function boot(bed: Bed, node: NodePlace): Promise<number> {
  await clean(node);
  makeGroup(systemGroup(node));
  rmSync(at(node, "booted"), { force: true });
  // What a machine keeps in memory is gone when it starts.
  rmSync(at(node, "run"), { recursive: true, force: true });
  for (const folder of Object.keys(ownFolders)) mkdirSync(at(node, folder), { recursive: true });
  writeFileSync(at(node, "init.sh"), initText(node, randomUUID()));
  const words = ["nsenter", `--net=${namespaceFile(node.namespace)}`, "unshare", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--uts", "--ipc", "bash", at(node, "init.sh")];
  await launch(systemGroup(node), logOf(bed, node, "machine"), words);
  await until(`the start of the machine ${node.name}`, 30_000, () => existsSync(at(node, "booted")));
  return until(`the first process of ${node.name}`, 5_000, () => initPid(node));
}

/** Kills all that a dead or dying machine left, and its groups. */
async function clean(node: NodePlace): Promise<void> {
  await killGroup(`all on ${node.name}`, node.cgroup);
  await removeGroup(node.cgroup);
}

/** Switches a node's machine off, as a power cut does: kubelet, containerd and containers die of -9 in one moment, and nothing answers any more. */
export async function stopNode(bed: Bed, name: string): Promise<void> {
  const node = nodeOf(bed, name);
  if ((await plugged(bed, node)) === true) await plug(bed, node, "down");
  await clean(node);
  // Its rules of the network go with it; the folder is its disk.
  await removeNamespace(node.namespace);
}

/** Pulls the cable. All on the node runs on, and no packet comes or goes. */
export const cutNode = (bed: Bed, name: string): Promise<void> => plug(bed, nodeOf(bed, name), "down");

export const mendNode = (bed: Bed, name: string): Promise<void> => plug(bed, nodeOf(bed, name), "up");

/** Ends the machine for good, disk and all, and takes its Node object away, as the controller of a cloud does. */
export async function terminateNode(bed: Bed, name: string): Promise<void> {
  await stopNode(bed, name);
  rmSync(nodeOf(bed, name).folder, { recursive: true, force: true });
  await call(bed, "DELETE", `/api/v1/nodes/${name}`);
}

/** What can be done to a node's machine, by name. */
export const deeds: Readonly<Record<string, (bed: Bed, name: string, images: string) => Promise<void>>> = {
  stop: stopNode,
  start: startNode,
  cut: cutNode,
  mend: mendNode,
  terminate: terminateNode,
  reboot: async (bed, name, images) => {
    await stopNode(bed, name);
    await startNode(bed, name, images);
  },
};

/** Kills one program of a node with -9; the containers stay. */
export async function killProgram(bed: Bed, name: string, program: Program): Promise<void> {
  const node = nodeOf(bed, name);
  await killAll(`${program} on ${name}`, () => [programPid(systemGroup(node), program) ?? []].flat());
}

const hostSocket = (node: NodePlace): string => join(node.folder, "run", socket.replace(/^\/run\//, ""));
const ctr = (node: NodePlace, ...words: readonly string[]): readonly string[] => ["ctr", "-a", hostSocket(node), "-n", "k8s.io", ...words];

async function tryCtr(node: NodePlace, ...words: readonly string[]): Promise<number> {
  if (!existsSync(hostSocket(node))) return 1;
  return (await ask(ctr(node, ...words), { limitMs: 10_000 })).code;
}

/** Brings a node the images that every node has, which it keeps on its disk. */
async function importOnce(bed: Bed, node: NodePlace, file: string): Promise<void> {
  const note = at(node, "images");
  if (existsSync(note) && readFileSync(note, "utf8") === file) return;
  await importImages(bed, node.name, file);
  writeFileSync(note, file);
}

/** Brings the images of an archive to a node. */
export async function importImages(bed: Bed, name: string, file: string): Promise<void> {
  await run(ctr(nodeOf(bed, name), "images", "import", file), { limitMs: 120_000 });
}

/** The most files that a process here may open. */
function openFiles(): number {
  const limit = /^Max open files +\S+ +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return Math.min(Number(limit ?? 1_000_000), 1_000_000);
}
