import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Parents of all processes: from /proc where there is one, else from ps. */
function parents(): Map<number, number> {
  const found = new Map<number, number>();
  if (process.platform === "linux") {
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      try {
        // "pid (command) state parent": a command may hold blanks and brackets.
        const stat = readFileSync(`/proc/${name}/stat`, "latin1");
        found.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
      } catch {
        // It ended while we looked.
      }
    }
    return found;
  }
  for (const line of execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).split("\n")) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid !== undefined && parent !== undefined) found.set(pid, parent);
  }
  return found;
}

/** A process and everything it started, itself first: a start command may be a shell or a package runner. */
export function tree(root: number): number[] {
  const all = [...parents()];
  const found = [root];
  for (const pid of found) found.push(...all.filter(([, parent]) => parent === pid).map(([child]) => child));
  return found;
}

/** Sends a signal to a process and everything it started; those that are gone are left out. */
export function signalTree(root: number, signal: NodeJS.Signals): void {
  for (const pid of tree(root)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended while we looked.
    }
  }
}
