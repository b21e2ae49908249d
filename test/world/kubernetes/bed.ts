/** Where everything of a bed is: names, folders and addresses, made of its name alone. Pure. */
import { join } from "node:path";

export interface Bed {
  readonly name: string;
  /** All that a bed writes, apart from its logs. Outside /var/lib, which a node has for itself. */
  readonly folder: string;
  /** Kept when the bed is taken down; the next bed of that name begins anew. */
  readonly logs: string;
  /** The namespace of the network where the control plane runs and where load comes from. */
  readonly world: string;
  /** The path under every cgroup hierarchy that all processes of the bed live below. */
  readonly cgroup: string;
  readonly kubeconfig: string;
}

export interface NodePlace {
  readonly name: string;
  readonly index: number;
  readonly folder: string;
  readonly namespace: string;
  readonly cgroup: string;
  readonly address: string;
  readonly mac: string;
  /** The addresses of its pods. */
  readonly pods: string;
  readonly zone: string;
  /** The end of its cable that is in the world. */
  readonly port: string;
}

export const folderOfBeds = "/var/tmp/seatrial-testbed";
const folderOfLogs = "/var/log/seatrial-testbed";

/** The networks of beds don't know each other: each has these addresses. */
export const network = {
  api: "172.30.0.1",
  apiPort: 6443,
  bridge: "172.30.0.1/24",
  nodes: "172.30.0.0/24",
  worldMac: "02:00:ac:1e:00:01",
  pods: "172.31.0.0/16",
  services: "10.96.0.0/16",
  firstService: "10.96.0.1",
} as const;

export const mostNodes = 200;
const zones = ["zone-a", "zone-b", "zone-c"];

export const isBedName = (name: string): boolean => /^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name);

export function bedOf(name: string): Bed {
  if (!isBedName(name)) throw new Error(`'${name}' can't name a bed: at most 20 of a-z, 0-9 and -, no - at the ends`);
  const folder = join(folderOfBeds, name);
  return { name, folder, logs: join(folderOfLogs, name), world: namespaceOf(name, "world"), cgroup: `seatrial-testbed/${name}`, kubeconfig: join(folder, "users", "admin.kubeconfig") };
}

/** Two dots, which no name of a bed or node has, so that the bed of a namespace is known by its name. */
export const namespaceOf = (bed: string, part: string): string => `seatrial..${bed}..${part}`;

/** The bed that a namespace of the network belongs to; undefined for one that is not ours. */
export const bedOfNamespace = (namespace: string): string | undefined => /^seatrial\.\.(.+)\.\.[^.]+$/.exec(namespace)?.[1];

export function nodeOf(bed: Bed, name: string): NodePlace {
  const index = Number(/^node([1-9]\d*)$/.exec(name)?.[1] ?? 0);
  if (index < 1 || index > mostNodes) throw new Error(`'${name}' can't be a node of a bed: node1 to node${mostNodes}`);
  return {
    name,
    index,
    folder: join(bed.folder, "nodes", name),
    namespace: namespaceOf(bed.name, name),
    cgroup: `${bed.cgroup}/${name}`,
    address: `172.30.0.${10 + index}`,
    mac: `02:00:ac:1e:00:${(10 + index).toString(16).padStart(2, "0")}`,
    pods: `172.31.${index}.0/24`,
    zone: zones[(index - 1) % zones.length]!,
    port: `port${index}`,
  };
}

export const nodeNames = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `node${index + 1}`);
