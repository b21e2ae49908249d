import type { Duration } from "../units/duration.ts";
import type { Random } from "../units/random.ts";
import type { Feeder } from "./feeder.ts";
import type { Setup } from "./setup.ts";

/** One running copy of a journey: its patience, its chance, its memory of what it was promised. */
export interface User {
  /** Unique within the journey, from 0. */
  readonly id: number;
  /** The name of the journey in the scenario. */
  readonly journey: string;
  /** How often this user has walked the journey before; 0 on the first walk. */
  readonly walk: number;
  /** Seeded by the run, the journey and the user's id. */
  readonly random: Random;
  /**
   * True once this user is to go after the walk under way. A loop inside a walk ends on it, so that
   * the walk comes to its end and is not cut.
   * @example while (!user.leaving) await read();
   */
  readonly leaving: boolean;
  /** Aborts when the run has to cut this user. */
  readonly signal: AbortSignal;

  /**
   * Thinks: waits `least`, or evenly between `least` and `most`.
   * @example await user.think("1s", "3s");
   */
  think(least: Duration, most?: Duration): Promise<void>;
  /** One of the list, by this user's own chance. */
  pick<T>(list: readonly T[]): T;
  /**
   * One of the names, each as often as its weight: Locust's task weights, within a walk.
   * @throws SEA_WEIGHTS for weights that can't be shared out
   * @example await tasks[user.pick({ look: 3, buy: 1 })]();
   */
  pick<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
  /**
   * The next row of test data.
   * @throws SEA_FEED_EMPTY when a feeder that does not repeat has no row left
   */
  feed<Row>(feeder: Feeder<Row>): Promise<Row>;
  /**
   * What the scenario's setup answered; the same for every user, and nobody can change it.
   * @throws SEA_SETUP_FOREIGN when the scenario names another setup, or none
   * @example const { token } = user.given(account);
   */
  given<Data>(setup: Setup<Data>): Data;
  /**
   * Records a time in ms that the journey learned by itself: what the service says it took, when a
   * page could be used. It stands beside the steps, under its name and the group's, and a budget's
   * `steps` hold it; it is no touch, and in no sum of them.
   * @throws SEA_MEASURE for what is no time
   * @example user.measure("query", Number(reply.headers.get("x-query-ms")));
   */
  measure(name: string, ms: number): void;
  /**
   * Names what happens inside: every op in it is recorded as `"name › op"`, the whole as `"name"`.
   * @example await user.step("sign in", () => shop.post("/session", who));
   */
  step<T>(name: string, walk: () => Promise<T>): Promise<T>;
  /**
   * Marks the latest op refused when `ok` is false. Never throws; answers `ok`.
   * @example user.check("has items", items.length > 0);
   */
  check(name: string, ok: boolean): boolean;
  /** As `check`, and a false `ok` ends this walk of the journey. */
  must(name: string, ok: boolean): void;
  /**
   * Says that a text is secret: from now on it is in nothing that is written down of this user, as `***`. Logins,
   * cookies and what goes by a telling name are masked by themselves. Shorter ones than 4 letters can't be.
   * @example user.secret(reply.json<{ ticket: string }>().ticket);
   */
  secret(text: string): void;
  /** Says that a write is about to be sent, so that one whose answer got lost is told apart from one nobody asked for. */
  attempt(kind: string, id: string): void;
  /** Says that a write was acknowledged: from now on it must survive whatever comes. */
  note(kind: string, id: string): void;
}
