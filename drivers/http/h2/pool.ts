import type { LookupFunction } from "node:net";
import type { Clock } from "../../../src/units/clock.ts";
import type { Engine, EngineSettings, Loss } from "../engine.ts";
import { namesOf } from "../names.ts";
import type { Opening } from "../wire/opening.ts";
import { Origin } from "../wire/origin.ts";
import { Connection } from "./connection.ts";
import type { Flight } from "./flight.ts";

/** What a pool is made with. */
export interface PoolParts {
  readonly settings: EngineSettings;
  readonly clock: Clock;
  /** The server has shown that it speaks HTTP/2. */
  readonly speaks: () => void;
  /** Where requests go whose server chose HTTP/1.1; undefined where that is no choice. */
  readonly older: ((opening: Opening) => Engine) | undefined;
}

/** A session's one connection to an origin, those that still finish what was begun on them, and the requests that wait for room. */
export class Pool {
  readonly parts: PoolParts;
  readonly #url: string;
  readonly #origin: Origin;
  readonly #lookup: LookupFunction;
  /** New requests go here. */
  #current: Connection | undefined;
  readonly #connections = new Set<Connection>();
  readonly #waiting = new Set<Flight>();
  #cancelAlarm: (() => void) | undefined;

  constructor(origin: string, parts: PoolParts) {
    this.parts = parts;
    this.#url = origin;
    this.#origin = new Origin(origin, parts.settings);
    this.#lookup = namesOf(parts.clock).lookup(parts.settings.dnsTtlMs);
  }

  take(flight: Flight): void {
    this.#waiting.add(flight);
    this.board();
  }

  /** Sends what waits, as far as there is room. */
  board(): void {
    if (this.#waiting.size === 0) return;
    if (this.#current?.isLeaving) this.retire(this.#current);
    if (!this.#current) {
      this.#current = new Connection(this, this.#origin, this.#lookup, this.#url);
      this.#connections.add(this.#current);
    }
    if (!this.#current.isReady) for (const flight of this.#waiting) flight.boards(this.#current.opening);
    for (const flight of this.#waiting) {
      // A request that could not be sent may have changed what is current.
      if (!this.#current?.hasRoom) break;
      this.#waiting.delete(flight);
      this.#current.send(flight);
    }
  }

  /** A connection takes no more requests, and ends with its last. */
  retire(connection: Connection): void {
    if (this.#current === connection) this.#current = undefined;
    connection.finish();
  }

  /** A connection is gone. `loss` is for those who waited for it to be made. */
  gone(connection: Connection, loss: Loss | undefined): void {
    this.#connections.delete(connection);
    const wasCurrent = this.#current === connection;
    if (wasCurrent) this.#current = undefined;
    if (loss === undefined || !wasCurrent) return this.board();
    const waited = [...this.#waiting];
    this.#waiting.clear();
    for (const flight of waited) flight.missed(loss);
  }

  /** The server chose HTTP/1.1: everything that waits goes there, the first of it on this connection. */
  goneOlder(connection: Connection, opening: Opening): void {
    this.#connections.delete(connection);
    if (this.#current === connection) this.#current = undefined;
    const waited = [...this.#waiting];
    this.#waiting.clear();
    if (waited.length === 0) return opening.destroy();
    const older = this.parts.older!(opening);
    for (const flight of waited) flight.reroute(older);
  }

  /** Nobody wants its answer any more. An attempt to connect that is too slow for one is not trusted by the others. */
  forget(flight: Flight): void {
    this.#waiting.delete(flight);
    const current = this.#current;
    if (!current || current.isReady) return;
    this.#current = undefined;
    void current.end();
    this.board();
  }

  /** A connection has nothing to do; one alarm for all of them, moved only when it rings. */
  rest(connection: Connection): void {
    if (connection !== this.#current) return void connection.end();
    if (this.parts.settings.keepAliveMs === 0) return this.retire(connection);
    this.#cancelAlarm ??= this.parts.clock.at(connection.idleSinceMs + this.parts.settings.keepAliveMs, () => this.#endIdle());
  }

  async close(): Promise<void> {
    this.#cancelAlarm?.();
    await Promise.all([...this.#connections].map((connection) => connection.end()));
  }

  #endIdle(): void {
    this.#cancelAlarm = undefined;
    const current = this.#current;
    if (!current || current.streams > 0) return;
    if (current.idleSinceMs + this.parts.settings.keepAliveMs <= this.parts.clock.now()) this.retire(current);
    else this.rest(current);
  }
}
