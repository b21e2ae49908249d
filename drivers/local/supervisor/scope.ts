import { cpSync, existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Backup } from "../../../src/model/cluster.ts";
import { problem } from "../../../src/units/errors.ts";
import { removeFolder } from "../programs.ts";
import { timing } from "../timing.ts";

/** Loaded with the first database only; read-only, for opening one that vanished must not make it anew. */
async function withDatabase<T>(file: string, use: (db: import("node:sqlite").DatabaseSync, sqlite: typeof import("node:sqlite")) => T | Promise<T>): Promise<T> {
  const sqlite = await import("node:sqlite");
  const db = new sqlite.DatabaseSync(file, { readOnly: true });
  try {
    return await use(db, sqlite);
  } finally {
    db.close();
  }
}

/**
 * One data scope: the folder that replicas keep their data in, and its backups.
 *
 * `lose` takes the folder itself away and `restore` puts a whole one in its place, each by one
 * rename: a replica never sees half of it, and a missing folder tells it from a new, empty one.
 */
export class Scope {
  readonly name: string;
  readonly folder: string;
  readonly #backups: string;
  #count = 0;
  /** Verbs on one scope wait for each other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string, folder: string) {
    this.name = name;
    this.folder = join(folder, "data", name);
    this.#backups = join(folder, "backups", name);
    mkdirSync(this.folder, { recursive: true });
    mkdirSync(this.#backups, { recursive: true });
  }

  /** The folder holds something, and every database in it answers. */
  async holds(): Promise<boolean> {
    try {
      const files = this.#files(this.folder);
      for (const file of files.filter(isDatabase)) {
        const tables = await withDatabase(join(this.folder, file), (db) => db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"]);
        if (!(Number(tables) > 0)) return false;
      }
      return files.length > 0;
    } catch {
      return false;
    }
  }

  /** @throws SEA_LOCAL_BACKUP when there is nothing usable to back up */
  backUp(): Promise<Backup> {
    return this.#inTurn(async () => {
      const takenAtMs = Date.now();
      const id = `${takenAtMs}-${++this.#count}`;
      const draft = join(this.#backups, `.draft-${id}`);
      try {
        if (!(await this.holds())) throw new Error("its data is missing or can't be read");
        for (const file of this.#files(this.folder)) {
          const [from, to] = [join(this.folder, file), join(draft, file)];
          mkdirSync(dirname(to), { recursive: true });
          // All pages in one step: a copy that pauses starts over whenever somebody writes.
          if (isDatabase(file)) await withDatabase(from, (db, { backup }) => backup(db, to, { rate: 2 ** 31 - 1 }));
          else cpSync(from, to);
        }
        renameSync(draft, join(this.#backups, id));
      } catch (error) {
        removeFolder(draft);
        throw problem("SEA_LOCAL_BACKUP", { scope: this.name, why: error instanceof Error ? error.message : String(error) });
      }
      for (const old of this.backups().slice(timing.backupsKept)) removeFolder(join(this.#backups, old.id));
      return { id, scope: this.name, takenAtMs };
    });
  }

  /** Newest first. */
  backups(): Backup[] {
    const order = (id: string) => id.split("-").map(Number) as [number, number];
    return readdirSync(this.#backups)
      .filter((id) => /^\d+-\d+$/.test(id))
      .map((id) => ({ id, scope: this.name, takenAtMs: order(id)[0] }))
      .sort((a, b) => b.takenAtMs - a.takenAtMs || order(b.id)[1] - order(a.id)[1]);
  }

  lose(): Promise<void> {
    return this.#inTurn(() => this.#takeAway());
  }

  /** `id` is one of `backups()`. */
  restore(id: string): Promise<void> {
    return this.#inTurn(() => {
      const draft = `${this.folder}.draft`;
      removeFolder(draft);
      cpSync(join(this.#backups, id), draft, { recursive: true });
      this.#takeAway();
      renameSync(draft, this.folder);
    });
  }

  #takeAway(): void {
    if (!existsSync(this.folder)) return;
    const gone = `${this.folder}.gone-${++this.#count}`;
    renameSync(this.folder, gone);
    removeFolder(gone);
  }

  /** Files by path in the folder; what SQLite keeps beside a database belongs to the database. */
  #files(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.db-(wal|shm|journal)$/.test(entry.name) && !entry.name.startsWith(".draft-"))
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  }

  #inTurn<T>(act: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

const isDatabase = (file: string) => file.endsWith(".db");
