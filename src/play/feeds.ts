import type { Feeder } from "../model/feeder.ts";
import { problem } from "../units/errors.ts";
import type { Random } from "../units/random.ts";
import { ownTurn, type SharedTurns, type Turn } from "./turns.ts";

interface Desk {
  readonly rows: readonly unknown[];
  readonly turn: Turn;
  readonly owned: Map<string, unknown>;
}

/** Hands out the rows of feeders, one desk a feeder, to all users of this thread. */
export class Feeds {
  readonly #random: Random;
  readonly #shared: SharedTurns | undefined;
  readonly #desks = new Map<Feeder<any>, Promise<Desk>>();

  /** @param shared where workers of the same run hand out rows of the same feeders */
  constructor(random: Random, shared?: SharedTurns) {
    this.#random = random;
    this.#shared = shared;
  }

  async #open(feeder: Feeder<any>): Promise<Desk> {
    const random = this.#random;
    const list = await feeder.rows();
    const rows = feeder.order === "shuffled" ? random.fork(feeder.name, feeder.serial ?? feeder.order).shuffle(list) : list;
    return { rows, turn: this.#shared?.of(feeder, rows.length, random) ?? ownTurn(), owned: new Map() };
  }

  /** The next row for a user; `user` is unique in the run. */
  async next<Row>(feeder: Feeder<Row>, user: string, random: Random): Promise<Row> {
    let desk = this.#desks.get(feeder);
    if (!desk) this.#desks.set(feeder, (desk = this.#open(feeder)));
    const { rows, turn, owned } = await desk;
    const empty = () => problem("SEA_FEED_EMPTY", { file: feeder.name, user }, `feeder ${feeder.name}`);
    if (rows.length === 0) throw empty();
    if (feeder.order === "random") return random.pick(rows) as Row;
    if (feeder.order !== "unique") return rows[turn.take() % rows.length] as Row;
    if (!owned.has(user)) {
      const row = turn.takeBelow(rows.length);
      if (row === undefined) throw empty();
      owned.set(user, rows[row]);
    }
    return owned.get(user) as Row;
  }
}
