import type { Feeder } from "../model/feeder.ts";
import { problem } from "../units/errors.ts";
import type { Random } from "../units/random.ts";

interface Desk {
  readonly rows: Promise<readonly unknown[]>;
  next: number;
  readonly owned: Map<string, unknown>;
}

/** Hands out the rows of feeders, one desk a feeder, to all users of a run. */
export class Feeds {
  readonly #random: Random;
  readonly #desks = new Map<Feeder<any>, Desk>();

  constructor(random: Random) {
    this.#random = random;
  }

  #desk(feeder: Feeder<any>): Desk {
    let desk = this.#desks.get(feeder);
    if (!desk) {
      const random = this.#random.fork(feeder.name, this.#desks.size);
      const rows = feeder.rows().then((list) => (feeder.order === "shuffled" ? random.shuffle(list) : list));
      this.#desks.set(feeder, (desk = { rows, next: 0, owned: new Map() }));
    }
    return desk;
  }

  /** The next row for a user; `user` is unique in the run. */
  async next<Row>(feeder: Feeder<Row>, user: string, random: Random): Promise<Row> {
    const desk = this.#desk(feeder);
    const rows = (await desk.rows) as readonly Row[];
    const empty = () => problem("SEA_FEED_EMPTY", { file: feeder.name, user }, `feeder ${feeder.name}`);
    if (rows.length === 0) throw empty();
    if (feeder.order === "random") return random.pick(rows);
    if (feeder.order === "unique") {
      if (!desk.owned.has(user)) {
        if (desk.next >= rows.length) throw empty();
        desk.owned.set(user, rows[desk.next++]);
      }
      return desk.owned.get(user) as Row;
    }
    return rows[desk.next++ % rows.length]!;
  }
}
