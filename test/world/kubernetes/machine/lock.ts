import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { once } from "node:events";

/**
 * Runs `work` while nobody else holds `file`. The kernel keeps the lock for a helper that lives as
 * long as this process keeps its input open: a holder that is killed with -9 lets go of it, too.
 *
 * @param waiting called once when somebody else holds it
 */
export async function underLock<T>(file: string, work: () => Promise<T>, waiting: () => void = () => {}): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const holder = spawn("flock", [file, "sh", "-c", "echo held; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  const held = once(holder.stdout, "data");
  const ended = once(holder, "exit").then(() => {
    throw new Error(`can't lock ${file}: flock ended`);
  });
  const patience = setTimeout(waiting, 500);
  try {
    await Promise.race([held, ended]);
    clearTimeout(patience);
    ended.catch(() => {});
    return await work();
  } finally {
    clearTimeout(patience);
    holder.stdin.end();
  }
}
