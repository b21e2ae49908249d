import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { bedOf } from "../world/kubernetes/bed.ts";
import { foldersOf } from "../world/kubernetes/machine/cgroups.ts";
import { namespaces } from "../world/kubernetes/machine/network.ts";

/** Everything that is there of a bed, in words; apart from its logs and the file of its lock. */
export function traces(name: string): readonly string[] {
  const bed = bedOf(name);
  const found = [
    ...namespaces(name).map((namespace) => `namespace ${namespace}`),
    ...foldersOf(bed.cgroup).map((folder) => `cgroup ${folder}`),
    ...readFileSync("/proc/self/mounts", "utf8").split("\n").filter((line) => line.includes(`/${name}/`)).map((line) => `mount ${line}`),
    ...(existsSync(bed.folder) ? [`folder ${bed.folder}`] : []),
  ];
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const words = readText(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
    if (words.includes(`${bed.folder}/`) || words.includes(bed.cgroup)) found.push(`process ${pid} ${words}`);
  }
  return found;
}

/** The namespaces of the network that processes are in: those of these, or all of this machine. */
export function networks(pids: Iterable<number | string> = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))): ReadonlySet<string> {
  const found = new Set<string>();
  for (const pid of pids) {
    try {
      found.add(readlinkSync(`/proc/${pid}/ns/net`));
    } catch {
      // Gone.
    }
  }
  return found;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
