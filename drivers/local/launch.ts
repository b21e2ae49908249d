import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { problem } from "../../src/units/errors.ts";
import { start } from "./programs.ts";
import type { Spec } from "./settings.ts";
import { write, type Hello, type State } from "./state.ts";

export interface Launched {
  readonly state: State;
  readonly supervisor: ChildProcess;
}

const indent = (output: string) => (output === "" ? "" : `; it printed:\n${output.replace(/^/gm, "  ")}`);

/**
 * Starts a supervisor in the folder and waits until its cluster is ready. In a run the supervisor
 * holds on to this process: when it is gone, however it went, so is the cluster.
 *
 * @throws SEA_LOCAL_START with the last lines of what did not come up
 */
export async function launch(folder: string, spec: Spec, options: { readonly inRun: boolean; readonly logs: string; readonly signal?: AbortSignal }): Promise<Launched> {
  const { inRun, logs, signal } = options;
  signal?.throwIfAborted();
  mkdirSync(folder, { recursive: true });
  write(folder, "job.json", { id: randomUUID(), token: randomUUID(), spec, inRun, logs });
  const log = join(folder, "supervisor.log");
  const err = openSync(log, "a");
  const supervisor = start("supervisor", [folder], [inRun ? "pipe" : "ignore", "pipe", err]);
  closeSync(err);
  const stop = () => void supervisor.kill("SIGTERM");
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const hello = await firstLine(supervisor);
    signal?.throwIfAborted();
    if (hello === undefined) throw problem("SEA_LOCAL_START", { why: "its supervisor ended", output: indent(readLog(log)) });
    if ("why" in hello) {
      await new Promise((resolve) => (supervisor.exitCode === null ? supervisor.once("exit", resolve) : resolve(undefined)));
      throw problem("SEA_LOCAL_START", { why: hello.why, output: indent(hello.output) });
    }
    return { state: hello.state, supervisor };
  } finally {
    signal?.removeEventListener("abort", stop);
    // From here on it keeps no event loop alive.
    supervisor.stdout?.destroy();
    (supervisor.stdin as { unref?: () => void } | null)?.unref?.();
    supervisor.unref();
  }
}

const firstLine = (supervisor: ChildProcess): Promise<Hello | undefined> =>
  new Promise((resolve, reject) => {
    const lines = createInterface({ input: supervisor.stdout! });
    lines.once("line", (line) => resolve(JSON.parse(line) as Hello));
    lines.once("close", () => resolve(undefined));
    supervisor.once("error", reject);
  });

function readLog(file: string): string {
  try {
    return readFileSync(file, "utf8").trimEnd().slice(-2_000);
  } catch {
    return "";
  }
}
