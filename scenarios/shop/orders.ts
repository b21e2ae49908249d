import { linkSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { DatabaseSync, StatementSync } from "node:sqlite";

export interface Order {
  readonly id: string;
  readonly item: string;
}

/** Thrown when the data can't be used now: the answer is 503, and nothing was promised. */
export class Unavailable extends Error {}

interface Open {
  readonly db: DatabaseSync;
  readonly dev: number;
  readonly ino: number;
  readonly insert: StatementSync;
  readonly find: StatementSync;
  readonly list: StatementSync;
}

const schema = "CREATE TABLE orders (id TEXT PRIMARY KEY, item TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID";

/**
 * Orders in one SQLite file that several processes share.
 *
 * The file can be taken away or replaced while we run (lost, restored). An open handle would go on
 * writing into the deleted file and lose acknowledged orders without a sound; so every use looks
 * first whether the path still leads to the file that is open, and a write looks again before it counts.
 */
export class Orders {
  readonly #file: string;
  #open: Open | undefined;

  constructor(folder: string) {
    this.#file = join(folder, "shop.db");
    create(folder, this.#file);
  }

  add(order: Order): void {
    const open = this.#usable();
    attempt(() => open.insert.run(order.id, order.item, new Date().toISOString()));
    if (!this.#isCurrent(open)) throw new Unavailable("the data file was replaced during the write");
  }

  find(id: string): Order | undefined {
    const open = this.#usable();
    const row = attempt(() => open.find.get(id));
    return row && { id: String(row["id"]), item: String(row["item"]) };
  }

  ids(): string[] {
    const open = this.#usable();
    return attempt(() => open.list.all()).map((row) => String(row["id"]));
  }

  /** @throws Unavailable when orders can be neither read nor written */
  check(): void {
    const open = this.#usable();
    attempt(() => open.find.get(""));
  }

  close(): void {
    this.#open?.db.close();
    this.#open = undefined;
  }

  #usable(): Open {
    if (this.#open && this.#isCurrent(this.#open)) return this.#open;
    this.close();
    this.#open = attempt(() => open(this.#file));
    return this.#open;
  }

  #isCurrent(open: Open): boolean {
    const now = statSync(this.#file, { throwIfNoEntry: false });
    return now !== undefined && now.ino === open.ino && now.dev === open.dev;
  }
}

/** Node marks node:sqlite as experimental where it loads, so it loads after `quiet.ts`. */
const sqlite = (): typeof import("node:sqlite") => process.getBuiltinModule("node:sqlite");

function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new Unavailable(error instanceof Error ? error.message : String(error));
  }
}

function open(file: string): Open {
  const { dev, ino } = statSync(file);
  // mode=rw: a file that vanished in between must not be made anew, empty.
  const db = new (sqlite().DatabaseSync)(new URL(`${pathToFileURL(file).href}?mode=rw`));
  try {
    db.exec("PRAGMA busy_timeout = 2000; PRAGMA synchronous = NORMAL");
    return {
      db, dev, ino,
      insert: db.prepare("INSERT INTO orders (id, item, at) VALUES (?, ?, ?)"),
      find: db.prepare("SELECT id, item FROM orders WHERE id = ?"),
      list: db.prepare("SELECT id FROM orders"),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * An empty folder gets an empty database, once and whole, however many processes try. A folder that
 * is missing is data that was lost: we wait for a restore instead of starting over.
 */
function create(folder: string, file: string): void {
  if (!statSync(folder, { throwIfNoEntry: false }) || readdirSync(folder).includes("shop.db")) return;
  const draft = join(folder, `.draft-${process.pid}`);
  const db = new (sqlite().DatabaseSync)(draft);
  db.exec(`PRAGMA journal_mode = WAL; ${schema}`);
  db.close();
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
