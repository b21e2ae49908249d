import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Spec } from "./settings.ts";

/** What a supervisor is given when it starts; `job.json` in the cluster's folder. */
export interface Job {
  /** Unique: a cluster that was started again under the same name is another. */
  readonly id: string;
  /** Whoever knows it may command the cluster. */
  readonly token: string;
  readonly spec: Spec;
  /** Ends with its runner and leaves nothing behind. */
  readonly inRun: boolean;
  /** Folder for what the replicas print. */
  readonly logs: string;
}

/** How others find a cluster that is up; `state.json` in its folder. */
export interface State {
  readonly id: string;
  readonly token: string;
  readonly spec: Spec;
  readonly pid: number;
  readonly startedMs: number;
  /** Where the supervisor listens. */
  readonly url: string;
  /** Addresses of the services. */
  readonly services: Readonly<Record<string, string>>;
}

/** The supervisor's first and only line on standard output. */
export type Hello = { readonly state: State } | { readonly why: string; readonly output: string };

/** Only the owner may read them: they hold the token. */
export function write(folder: string, name: "job.json" | "state.json", content: Job | State): void {
  const file = join(folder, name);
  writeFileSync(`${file}.draft`, JSON.stringify(content, null, 2), { mode: 0o600 });
  renameSync(`${file}.draft`, file);
}

export const readJob = (folder: string) => JSON.parse(readFileSync(join(folder, "job.json"), "utf8")) as Job;

/** Undefined where no cluster was started, or its state can't be read. */
export function readState(folder: string): State | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "state.json"), "utf8")) as State;
  } catch {
    return undefined;
  }
}
