import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { bedOfNamespace, network, type Bed, type NodePlace } from "../bed.ts";
import { ask, run } from "./command.ts";

const folder = "/run/netns";

export const namespaceFile = (namespace: string): string => join(folder, namespace);

/** Words that run a program in a namespace of the network. Never `ip netns exec`, which hides the cgroups. */
export const inside = (namespace: string, ...words: readonly string[]): readonly string[] => ["nsenter", `--net=${namespaceFile(namespace)}`, ...words];

/** The namespaces of a bed; of all beds without a name. */
export function namespaces(bed?: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => {
    const owner = bedOfNamespace(name);
    return owner !== undefined && (bed === undefined || owner === bed);
  });
}

/** A namespace that a starter was killed in the making of is a file without one behind it. */
async function makeNamespace(namespace: string): Promise<boolean> {
  if (existsSync(namespaceFile(namespace))) {
    if ((await ask(inside(namespace, "true"))).code === 0) return false;
    await removeNamespace(namespace);
  }
  mkdirSync(folder, { recursive: true });
  await run(["ip", "netns", "add", namespace]);
  return true;
}

export async function removeNamespace(namespace: string): Promise<void> {
  if (!existsSync(namespaceFile(namespace))) return;
  const answer = await ask(["ip", "netns", "delete", namespace]);
  if (answer.code !== 0 && existsSync(namespaceFile(namespace))) throw new Error(answer.err);
}

/** Several commands of `ip` in one namespace, in one process. */
const ip = (namespace: string, ...lines: readonly string[]): Promise<string> => run(inside(namespace, "ip", "-batch", "-"), { input: `${lines.join("\n")}\n` });

/** Each by itself, for what may be there already. */
async function settle(namespace: string, ...lines: readonly string[]): Promise<void> {
  await ask(inside(namespace, "ip", "-force", "-batch", "-"), { input: `${lines.join("\n")}\n` });
}

/** The bridge that all machines of a bed are cabled to. It routes between them and nowhere else. */
export async function makeWorld(bed: Bed): Promise<void> {
  if (await makeNamespace(bed.world) || (await ask(inside(bed.world, "ip", "link", "show", "br0"))).code !== 0) {
    await settle(bed.world, "link set lo up", `link add br0 address ${network.worldMac} type bridge`, `addr add ${network.bridge} dev br0`);
    // Whoever asks for a Service needs a route before kube-proxy's rules send it elsewhere.
    await ip(bed.world, "link set br0 up", `route replace ${network.services} dev br0`);
    await run(inside(bed.world, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.send_redirects=0", "net.ipv4.conf.br0.send_redirects=0"));
  }
}

/** A cable from the world to a node, and the routes. What a dead machine is sent is lost without a word: nobody has to ask for its address. */
export async function cable(bed: Bed, node: NodePlace): Promise<void> {
  await makeNamespace(node.namespace);
  if ((await ask(inside(node.namespace, "ip", "link", "show", "eth0"))).code !== 0) {
    await ask(inside(bed.world, "ip", "link", "delete", node.port));
    await ip(bed.world, `link add ${node.port} type veth peer name eth0 address ${node.mac} netns ${node.namespace}`, `link set ${node.port} master br0`);
  }
  await settle(node.namespace, "link set lo up", `addr add ${node.address}/32 dev eth0`, "link set eth0 up");
  await ip(node.namespace,
    `neigh replace ${network.api} lladdr ${network.worldMac} dev eth0 nud permanent`,
    `route replace ${network.api} dev eth0`,
    ...[network.nodes, network.pods, network.services].map((range) => `route replace ${range} via ${network.api}`));
  await ip(bed.world,
    `link set ${node.port} up`,
    `neigh replace ${node.address} lladdr ${node.mac} dev br0 nud permanent`,
    `route replace ${node.pods} via ${node.address}`);
  await run(inside(node.namespace, "sysctl", "-qw", "net.ipv4.ip_forward=1"));
}

/** Pulls a node's cable, or plugs it in. */
export async function plug(bed: Bed, node: NodePlace, how: "up" | "down"): Promise<void> {
  await run(inside(bed.world, "ip", "link", "set", node.port, how));
}

/** Whether a node's cable is plugged in; undefined when it has none. */
export async function plugged(bed: Bed, node: NodePlace): Promise<boolean | undefined> {
  const answer = await ask(inside(bed.world, "ip", "-o", "link", "show", node.port));
  return answer.code === 0 ? /<[^>]*\bUP\b/.test(answer.out) : undefined;
}
