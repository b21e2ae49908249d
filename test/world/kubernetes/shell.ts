import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import type { Bed } from "./bed.ts";
import { makeGroup, markOf } from "./machine/cgroups.ts";
import { inside } from "./machine/network.ts";

/**
 * Runs a command in the world of a bed with KUBECONFIG set, and answers its exit code. It and all that
 * it starts belong to the bed: taking the bed down ends them.
 *
 * @param command default: the user's shell
 */
export function shell(bed: Bed, command: readonly string[], cwd: string): Promise<number> {
  if (!existsSync(bed.kubeconfig)) throw new Error(`there is no bed '${bed.name}': npm run testbed -- up --name ${bed.name}`);
  const group = `${bed.cgroup}/guests`;
  makeGroup(group);
  const words = command.length > 0 ? command : [process.env["SHELL"] ?? "bash"];
  const child = spawn("sh", ["-c", 'echo $$ > "$0" && exec "$@"', markOf(group), ...inside(bed.world, ...words)], {
    cwd, stdio: "inherit", env: { ...process.env, KUBECONFIG: bed.kubeconfig, SEATRIAL_BED: bed.name },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => child.on("error", reject).on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal!])));
}
