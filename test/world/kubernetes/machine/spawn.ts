import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { markOf } from "./cgroups.ts";

/**
 * Starts a program that outlives this process, in a group of a bed from its first moment on, so that
 * whoever takes the bed down finds it whatever happened to its starter.
 *
 * @param log the file that gets what it says, at its end
 */
export function launch(group: string, log: string, words: readonly string[], setting: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {}): Promise<void> {
  mkdirSync(dirname(log), { recursive: true });
  const out = openSync(log, "a");
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", 'echo $$ > "$0" && exec "$@"', markOf(group), ...words], {
      cwd: setting.cwd, env: { ...process.env, ...setting.env }, stdio: ["ignore", out, out], detached: true,
    });
    child.on("error", reject);
    child.on("spawn", () => {
      closeSync(out);
      child.unref();
      resolve();
    });
  });
}
