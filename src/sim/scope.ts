import type { Backup } from "../model/cluster.ts";
import { delays } from "./platform.ts";
import { Store, type StoreCopy } from "./store.ts";
import type { World } from "./world.ts";

/** So many backups are kept, the newest. */
const mostBackups = 100;

/** Data that can be backed up, lost and restored. */
export class Scope {
  readonly store = new Store();
  readonly #world: World;
  readonly #name: string;
  readonly #backups: { readonly backup: Backup; readonly copy: StoreCopy }[] = [];
  #taken = 0;
  #state: "held" | "lost" | { readonly restoring: string } = "held";

  constructor(world: World, name: string, everyMs: number | undefined) {
    this.#world = world;
    this.#name = name;
    if (everyMs === undefined) return;
    const beat = (): void => {
      if (this.held) this.backUp();
      world.after(everyMs, beat);
    };
    world.after(everyMs, beat);
  }

  get held(): boolean {
    return this.#state === "held";
  }

  /** Newest first. */
  backups(): readonly Backup[] {
    return this.#backups.map(({ backup }) => backup);
  }

  backUp(): Backup {
    const backup = { id: `${this.#name}-${++this.#taken}`, scope: this.#name, takenAtMs: this.#world.wallMs() };
    this.#backups.unshift({ backup, copy: this.store.copy() });
    this.#backups.length = Math.min(this.#backups.length, mostBackups);
    return backup;
  }

  lose(): void {
    this.#state = "lost";
  }

  /** False for a backup that it does not have. */
  restore(id: string): boolean {
    const found = this.#backups.find(({ backup }) => backup.id === id);
    if (!found) return false;
    if (typeof this.#state === "object" && this.#state.restoring === id) return true;
    const under = (this.#state = { restoring: id });
    this.#world.later(delays.restore, () => {
      if (this.#state !== under) return;
      this.store.become(found.copy);
      this.#state = "held";
    });
    return true;
  }
}
