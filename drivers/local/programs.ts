import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { rmSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** The programs of a cluster; each runs in a process of its own. */
export type Program = "supervisor" | "balancer" | "node";

/** Starts one of them in its own process group, so that Ctrl-C in a terminal reaches the runner alone. */
export function start(program: Program, args: readonly string[], stdio: StdioOptions): ChildProcess {
  // TypeScript in a checkout, JavaScript in the published package.
  const file = fileURLToPath(new URL(`./${program}/main${extname(import.meta.url)}`, import.meta.url));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file, ...args], { stdio, detached: true });
  // Writing to one that just ended is no error of ours; its end is an event of its own.
  child.stdin?.on("error", () => {});
  return child;
}

/** Ends a program by ending its input, and by force when it does not follow. */
export async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once("exit", resolve));
  const timer = setTimeout(() => killGroup(child.pid!), 2_000);
  child.stdin?.end();
  await exit;
  clearTimeout(timer);
}

/** Ends a program and everything in its group. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}

/** Deletes a folder though others may still be writing into it as they end. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch {
    // Another of our processes is deleting it too.
  }
}
