import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Download } from "../engine.ts";

const unfinished = /\.(crdownload|part|tmp)$|^\.(com\.google|org\.chromium)/;

/** The folder that a browser of this machine downloads into. */
export class Downloads {
  readonly folder: string;
  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Downloads> {
    return new Downloads(await mkdtemp(join(tmpdir(), "seatrial-downloads-")));
  }

  async names(): Promise<ReadonlySet<string>> {
    return new Set(await readdir(this.folder));
  }

  /** A whole file that was not there before, read and gone; undefined while there is none. */
  async takeNew(before: ReadonlySet<string>): Promise<Download | undefined> {
    const names = await readdir(this.folder);
    if (names.some((name) => unfinished.test(name))) return undefined;
    const name = names.find((one) => !before.has(one));
    if (name === undefined) return undefined;
    const bytes = await readFile(join(this.folder, name));
    await rm(join(this.folder, name), { force: true });
    return { name, bytes };
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
