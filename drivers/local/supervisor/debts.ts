import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Debt } from "../../../src/model/cluster.ts";

/** Undo records as files, on the disk before `owe` returns: they outlive the run that wrote them. */
export class Debts {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, "debts");
    mkdirSync(this.#folder, { recursive: true });
  }

  owe(debt: Debt): void {
    const file = this.#file(debt.id);
    const draft = openSync(`${file}.draft`, "w");
    writeSync(draft, JSON.stringify(debt));
    fsyncSync(draft);
    closeSync(draft);
    renameSync(`${file}.draft`, file);
    const folder = openSync(this.#folder, "r");
    fsyncSync(folder);
    closeSync(folder);
  }

  settle(id: string): void {
    rmSync(this.#file(id), { force: true });
  }

  all(): Debt[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => JSON.parse(readFileSync(join(this.#folder, name), "utf8")) as Debt);
  }

  /** An id may hold anything; a file name may not. */
  #file(id: string): string {
    return join(this.#folder, `${createHash("sha256").update(id).digest("hex").slice(0, 32)}.json`);
  }
}
