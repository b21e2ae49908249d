import { readdirSync, readFileSync } from "node:fs";

/** The browsers, not their helpers, that this very process has started, by their ids. */
export function ownBrowsers(): number[] {
  const parents = new Map<number, number>();
  const words = new Map<number, string>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      parents.set(Number(entry), Number(readFileSync(`/proc/${entry}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[1]));
      words.set(Number(entry), readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " "));
    } catch {
      // Ended while we looked.
    }
  }
  const isOurs = (pid: number): boolean => pid > 1 && (parents.get(pid) === process.pid || isOurs(parents.get(pid) ?? 0));
  return [...words].filter(([pid, line]) => /--remote-debugging/.test(line) && !/--type=/.test(line) && !/^(\/bin\/)?sh /.test(line) && isOurs(pid)).map(([pid]) => pid);
}
