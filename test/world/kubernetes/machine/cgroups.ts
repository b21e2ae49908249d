import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { until } from "./command.ts";

const root = "/sys/fs/cgroup";

/** The hierarchy whose groups say which bed a process belongs to. */
const marking = "pids";

const hierarchies = (): readonly string[] => readdirSync(root).filter((name) => existsSync(join(root, name, "cgroup.procs")));

/** Why the kernel's cgroups here won't do; undefined when they will. */
export function cgroupLack(): string | undefined {
  const lacking = ["cpu", "cpuacct", "cpuset", "memory", marking].filter((name) => !existsSync(join(root, name, "cgroup.procs")));
  return lacking.length === 0 ? undefined : `the cgroup hierarchies of version 1 (${lacking.join(", ")})`;
}

/** Makes a group under every hierarchy. */
export function makeGroup(group: string): void {
  for (const hierarchy of hierarchies()) {
    let at = join(root, hierarchy);
    for (const part of group.split("/")) {
      const parent = at;
      at = join(at, part);
      if (existsSync(at)) continue;
      mkdirSync(at, { recursive: true });
      // A group of this hierarchy takes no process before it has these.
      for (const file of ["cpuset.cpus", "cpuset.mems"]) if (existsSync(join(at, file))) writeFileSync(join(at, file), readFileSync(join(parent, file)));
    }
  }
}

/** The file that a process writes itself into to be known as one of the group. */
export const markOf = (group: string): string => join(root, marking, group, "cgroup.procs");

/** The processes of a group and all below it, in any hierarchy. */
export function groupPids(group: string): ReadonlySet<number> {
  const pids = new Set<number>();
  for (const folder of foldersOf(group)) for (const pid of numbersIn(join(folder, "cgroup.procs"))) pids.add(pid);
  return pids;
}

/** Lets what is frozen in a group run again: until then no signal reaches it, not even -9. */
export function thaw(group: string): void {
  for (const folder of below(join(root, "freezer", group))) {
    try {
      writeFileSync(join(folder, "freezer.state"), "THAWED");
    } catch {
      // Gone since it was listed.
    }
  }
}

/** Every group of that path that is there, and those below it, deepest first. */
export function foldersOf(group: string): readonly string[] {
  return hierarchies().flatMap((hierarchy) => below(join(root, hierarchy, group)));
}

const below = (folder: string): readonly string[] => {
  try {
    return [...readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap((entry) => below(join(folder, entry.name))), folder];
  } catch {
    return []; // gone since it was listed
  }
};

const numbersIn = (file: string): readonly number[] => {
  try {
    return readFileSync(file, "utf8").split("\n").filter((line) => line !== "" && line !== "0").map(Number);
  } catch {
    return [];
  }
};

/** Removes a group and all below it; the kernel takes a moment to let go of one whose processes just died. */
export async function removeGroup(group: string): Promise<void> {
  await until(`the removal of the cgroups ${group}`, 10_000, () => {
    for (const folder of foldersOf(group)) {
      try {
        rmdirSync(folder);
      } catch {
        // Seen in the next turn, or gone.
      }
    }
    return foldersOf(group).length === 0;
  });
  // The groups above it go with the last of those below.
  for (let above = dirname(group); above !== "."; above = dirname(above)) {
    for (const hierarchy of hierarchies()) {
      try {
        rmdirSync(join(root, hierarchy, above));
      } catch {
        // Another bed's, or gone.
      }
    }
  }
}
