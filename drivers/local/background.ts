import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plain } from "../../src/model/cluster.ts";
import { problem, SeatrialError } from "../../src/units/errors.ts";
import { LocalClient, type LocalCluster } from "./client.ts";
import { launch } from "./launch.ts";
import { removeFolder } from "./programs.ts";
import type { Spec } from "./settings.ts";
import { readState, type State } from "./state.ts";

/** What a person wants to know of a cluster in the background. */
export interface Status {
  readonly name: string;
  readonly folder: string;
  readonly pid: number;
  /** Wall time, ms since 1970. */
  readonly startedMs: number;
  /** Addresses of the services. */
  readonly services: Readonly<Record<string, string>>;
}

/** Where a cluster of that name keeps its state: in the working directory. */
export const folderOf = (name: string): string => resolve(".seatrial", "local", name);

const statusOf = (folder: string, { spec, pid, startedMs, services }: State): Status => ({ name: spec.name, folder, pid, startedMs, services });

/** A supervisor that is well answers at once, whatever its cluster does. */
const glanceMs = 5_000;

/** The state of a cluster that is up, seen by asking it; undefined when nobody answers. */
async function upIn(folder: string): Promise<State | undefined> {
  const state = readState(folder);
  if (!state) return undefined;
  try {
    await new LocalClient(state, undefined, glanceMs).call("scopes");
    return state;
  } catch (error) {
    // Gone is who has no process any more; one that is stuck, or answers with errors, may still be harmed.
    if (error instanceof SeatrialError && error.code === "SEA_LOCAL_GONE" && (isRefused(error.cause) || !isAlive(state.pid))) return undefined;
    throw error;
  }
}

const isRefused = (cause: unknown) => (cause as NodeJS.ErrnoException | undefined)?.code === "ECONNREFUSED";

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** @throws SEA_LOCAL_OTHER when the one that is up is not the one that is wanted */
export async function find(spec: Spec, folder: string): Promise<State | undefined> {
  const state = await upIn(folder);
  if (state && JSON.stringify(state.spec) !== JSON.stringify(spec)) throw problem("SEA_LOCAL_OTHER", { name: state.spec.name });
  return state;
}

/**
 * Starts a cluster that outlives this process; answers the one that is up already.
 *
 * @throws SEA_LOCAL_START, SEA_LOCAL_OTHER, and SEA_LOCAL_FOLDER for a folder with other things in it
 * @example await up(local({ services: { … } }))
 */
export async function up(place: { readonly spec: Spec }, folder: string = folderOf(place.spec.name)): Promise<Status> {
  const found = await find(place.spec, folder);
  if (found) return statusOf(folder, found);
  clear(folder);
  try {
    const { state } = await launch(folder, place.spec, { inRun: false, logs: join(folder, "logs") });
    return statusOf(folder, state);
  } catch (error) {
    clear(folder);
    throw error;
  }
}

/** Ends the cluster and deletes what it kept, backups and undo records included; false when none was up. */
export async function down(folder: string): Promise<boolean> {
  const state = await upIn(folder);
  if (state) await new LocalClient(state).call("end");
  clear(folder);
  return state !== undefined;
}

/** Undefined when none is up. */
export async function status(folder: string): Promise<Status | undefined> {
  const state = await upIn(folder);
  return state && statusOf(folder, state);
}

/**
 * Finds a cluster again by the `address` of its place, from any process: for `heal`. Undefined when it
 * is gone, and with it all harm that was done to it.
 */
export async function reopen(address: Plain): Promise<LocalCluster | undefined> {
  const { folder, id } = (address ?? {}) as { readonly folder?: string; readonly id?: string };
  const state = folder === undefined ? undefined : await upIn(folder);
  return state && (id === undefined || id === state.id) ? new LocalClient(state) : undefined;
}

/** Deletes the folder of a cluster that is not up. */
function clear(folder: string): void {
  if (!existsSync(folder)) return;
  const names = readdirSync(folder);
  if (names.length > 0 && !names.includes("job.json")) throw problem("SEA_LOCAL_FOLDER", { folder });
  removeFolder(folder);
}
