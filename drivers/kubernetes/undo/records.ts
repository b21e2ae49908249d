import type { Debt, Plain } from "../../../src/model/cluster.ts";
import { problem, SeatrialError } from "../../../src/units/errors.ts";
import type { Api, Thing } from "../api/api.ts";
import { configMaps } from "../api/resources.ts";
import { isBroken, readRecord, recordName, recordThing, undoLabel, type BrokenRecord, type UndoRecord } from "./record.ts";

export interface RecordsSettings {
  /** Where this run's records go: the first that the place names, unless it says otherwise. */
  readonly home: string;
  /** Where records of others are looked for when all namespaces may not be listed. */
  readonly namespaces: readonly string[];
  /** What `heal` needs to find the cluster again, asked for when a record is written. */
  readonly place: () => Plain;
  /** Runs whose open records do not matter. */
  readonly beside: readonly string[];
}

/**
 * Undo records, kept in the cluster that they are about. Everybody who may break it sees them: that is
 * how two runs keep out of each other's way.
 */
export class Records {
  readonly #api: Api;
  readonly #settings: RecordsSettings;
  /** Undefined until the server has said whether it lets us list all namespaces. */
  #everywhere: boolean | undefined;

  constructor(api: Api, settings: RecordsSettings) {
    this.#api = api;
    this.#settings = settings;
  }

  /**
   * Writes a record. Of two runs that do so at the same moment the later one takes its own away again.
   *
   * @throws SEA_OTHER_RUN when another run's is open; SEA_UNDO_SIZE
   */
  async owe(debt: Debt): Promise<void> {
    const { home, place } = this.#settings;
    const thing = recordThing(debt, { namespace: home, place: place(), context: this.#api.context });
    const written = await this.#write(thing);
    // Looked for after ours is there, so that at least one of two sees the other.
    const earlier = (await this.others(debt.run)).find((one) => isBroken(one) || one.written < written);
    if (!earlier) return;
    await this.#api.remove(configMaps, thing.metadata.name, home);
    throw otherRun(this.#api.context, earlier);
  }

  /** Clears a record; one that is not there is no error. */
  settle(id: string): Promise<void> {
    return this.#api.remove(configMaps, recordName(id), this.#settings.home);
  }

  /** Every open record that may be seen: of all namespaces, or where that is not permitted of those that are named. */
  async all(): Promise<readonly (UndoRecord | BrokenRecord)[]> {
    return (await this.#list()).map(readRecord);
  }

  async debts(): Promise<readonly Debt[]> {
    const readable = (await this.all()).filter((one): one is UndoRecord => !isBroken(one));
    return readable.map(({ id, run, fault, aim, deadlineMs }) => ({ id, run, fault, aim, deadlineMs }));
  }

  /** Those of other runs, but for the ones that were said not to matter. */
  async others(run: string): Promise<readonly (UndoRecord | BrokenRecord)[]> {
    const { beside } = this.#settings;
    return (await this.all()).filter((one) => one.run !== run && !beside.includes(one.run));
  }

  /** A record of the same debt is replaced: nothing is harmed between the two. Needs no right to change what is there. */
  async #write(thing: Thing): Promise<bigint> {
    const created = () => this.#api.create(configMaps, thing);
    const written = await created().catch(async (error: unknown) => {
      if (!(error instanceof SeatrialError && error.code === "SEA_KUBE_EXISTS")) throw error;
      await this.#api.remove(configMaps, thing.metadata.name, thing.metadata.namespace);
      return created();
    });
    return BigInt(written.metadata.resourceVersion ?? 0);
  }

  async #list(): Promise<readonly Thing[]> {
    if (this.#everywhere !== false) {
      try {
        const found = await this.#api.list(configMaps, { labels: undoLabel });
        this.#everywhere = true;
        return found;
      } catch (error) {
        if (this.#everywhere || !(error instanceof SeatrialError && error.code === "SEA_KUBE_FORBIDDEN")) throw error;
        this.#everywhere = false;
      }
    }
    const { home, namespaces } = this.#settings;
    const lists = await Promise.all([...new Set([home, ...namespaces])].map((namespace) => this.#api.list(configMaps, { namespace, labels: undoLabel })));
    return lists.flat();
  }
}

/** The error that keeps a run from harming beside another. */
export function otherRun(cluster: string, record: UndoRecord | BrokenRecord): SeatrialError {
  const said = isBroken(record) ? { fault: `harm (its record ${record.namespace}/${record.name} can't be read: ${record.why})`, id: record.name } : record;
  return problem("SEA_OTHER_RUN", { run: record.run, fault: said.fault, cluster, id: said.id });
}
