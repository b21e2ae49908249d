import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { basename } from "node:path";
import { groupPids, thaw } from "./cgroups.ts";
import { until } from "./command.ts";

/** What a process is, as /proc tells it; undefined when it is gone or dead. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly words: readonly string[];
}

const allPids = (): readonly number[] => readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);

function processOf(pid: number): Process | undefined {
  try {
    // The name in parentheses may hold anything; what follows the last one may not.
    const [state = "", parent = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
    if (state === "Z" || state === "X") return undefined;
    return { pid, parent: Number(parent), words: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0") };
  } catch {
    return undefined;
  }
}

/** The process of a group whose program has this name; the first of them, as they were started. */
export function programPid(group: string, program: string): number | undefined {
  return [...groupPids(group)].sort((one, other) => one - other).find((pid) => basename(processOf(pid)?.words[0] ?? "") === program);
}

/** The living child of a process. */
export function childPid(parent: number): number | undefined {
  return allPids().find((pid) => processOf(pid)?.parent === parent);
}

/** The processes in any of these namespaces of the network, which are files. */
export function networkPids(namespaces: readonly string[]): ReadonlySet<number> {
  const wanted = new Set(namespaces.flatMap((file) => {
    try {
      return [`net:[${statSync(file).ino}]`];
    } catch {
      return [];
    }
  }));
  const pids = new Set<number>();
  for (const pid of wanted.size === 0 ? [] : allPids()) {
    try {
      if (wanted.has(readlinkSync(`/proc/${pid}/ns/net`))) pids.add(pid);
    } catch {
      // Gone, or the kernel's own.
    }
  }
  return pids;
}

export const lives = (pid: number): boolean => processOf(pid) !== undefined;

/** This process and all it descends from, which a bed never takes down with it. */
function ancestry(): ReadonlySet<number> {
  const pids = new Set<number>();
  for (let pid = process.pid; pid > 0 && !pids.has(pid); pid = processOf(pid)?.parent ?? 0) pids.add(pid);
  return pids;
}

/** Kills all that lives in a group and below it, frozen or not. */
export const killGroup = (what: string, group: string): Promise<void> => killAll(what, () => {
  thaw(group);
  return groupPids(group);
});

/** Kills what `found` finds, with -9 and again, until it finds nobody. */
export async function killAll(what: string, found: () => Iterable<number>): Promise<void> {
  const spared = ancestry();
  await until(`the end of ${what}`, 20_000, () => {
    const pids = [...found()].filter((pid) => !spared.has(pid) && lives(pid));
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Gone already.
      }
    }
    return pids.length === 0;
  });
}
