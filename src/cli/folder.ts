import { statSync } from "node:fs";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Shelf } from "../model/driver.ts";
import type { Rendering } from "../model/report.ts";
import { problem } from "../units/errors.ts";

/** Where runs are kept when `--out` names no folder. */
export const runsFolder = "seatrial-runs";

/** The names of what a run leaves in its folder. */
export const ledgerName = "ledger.ndjson";

/** Where a run is kept. */
export const folderOf = (run: string, out: string | undefined): string => resolve(out ?? join(runsFolder, run));

/**
 * Makes the folder of a run, and points `latest` at it.
 *
 * @throws SEA_FOLDER when it can't be made, or holds the ledger of another run: two in one file would
 * be judged as one, and the old one may be the only record of harm that is still there
 */
export async function makeRunFolder(run: string, out: string | undefined): Promise<string> {
  const folder = folderOf(run, out);
  if (statSync(join(folder, ledgerName), { throwIfNoEntry: false })?.size) throw problem("SEA_FOLDER", { folder, error: "it holds the ledger of another run" }, "--out");
  try {
    await mkdir(folder, { recursive: true });
    if (out === undefined) {
      const latest = resolve(runsFolder, "latest");
      await rm(latest, { force: true });
      // A convenience: file systems without links do without it.
      await symlink(run, latest).catch(() => undefined);
    }
  } catch (cause) {
    throw problem("SEA_FOLDER", { folder, error: (cause as Error).message }, "--out", cause);
  }
  return folder;
}

/** The evidence of a run, under `evidence/` in its folder; names of several workers differ by `prefix`. */
export function artifactsIn(folder: string, prefix = ""): Shelf {
  return {
    place: (name) => `evidence/${prefix}${name.replace(/[^\w.@-]+/g, "_")}`,
    async put(path, content) {
      await mkdir(join(folder, "evidence"), { recursive: true });
      await writeFile(join(folder, path), content);
    },
  };
}

/** Writes a rendering; answers the path of the file to open. */
export async function writeRendering(folder: string, rendering: Rendering): Promise<string> {
  try {
    for (const [name, content] of Object.entries(rendering.files)) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
  } catch (cause) {
    throw problem("SEA_FOLDER", { folder, error: (cause as Error).message }, folder, cause);
  }
  return join(folder, rendering.main);
}
