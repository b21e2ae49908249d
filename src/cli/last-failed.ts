import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Line } from "../ledger/lines.ts";
import { readLedger } from "../ledger/read.ts";
import { countedWalks } from "../ledger/walks.ts";
import type { Scenario } from "../model/scenario.ts";
import { problem } from "../units/errors.ts";
import { ledgerName, runsFolder } from "./folder.ts";

/** Runs that are looked through, the latest first. */
const mostRuns = 500;

/**
 * The journeys with a walk that failed, or could not be decided, in the latest run of a scenario.
 *
 * @throws SEA_LAST_FAILED when there is no such run, or none failed in it
 */
export async function lastFailedOf({ name }: Scenario): Promise<readonly string[]> {
  const nothing = (why: string) => problem("SEA_LAST_FAILED", { why, folder: runsFolder }, "--last-failed");
  const path = await latestOf(name);
  if (path === undefined) throw nothing(`no run of '${name}' is kept`);
  const view = await readLedger(path);
  const walks = countedWalks(view);
  if (walks.length === 0) throw nothing(`run ${view.run.run} has no counted walks`);
  const failed = new Set(walks.filter(({ result }) => result === "failed" || result === "unsure").map(({ journey }) => journey));
  if (failed.size === 0) throw nothing(`no walk failed in run ${view.run.run}`);
  return [...failed];
}

/** The ledger of the latest run of a scenario. The names of runs sort by time. */
async function latestOf(scenario: string): Promise<string | undefined> {
  const names = await readdir(resolve(runsFolder)).catch(() => []);
  for (const name of names.filter((one) => /^\d{8}-\d{6}-/.test(one)).sort().reverse().slice(0, mostRuns)) {
    const path = join(runsFolder, name, ledgerName);
    if ((await scenarioIn(path)) === scenario) return path;
  }
  return undefined;
}

async function scenarioIn(path: string): Promise<string | undefined> {
  const input = createReadStream(path);
  try {
    for await (const text of createInterface({ input })) {
      const line = JSON.parse(text) as Line;
      return line.k === "run" ? line.scenario : undefined;
    }
  } catch {
    // A folder without a ledger, or a broken one, is no run to go by.
  } finally {
    input.destroy();
  }
  return undefined;
}
