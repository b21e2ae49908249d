import type { LookupFunction } from "node:net";
import type { Clock } from "../../../src/units/clock.ts";
import type { EngineSettings } from "../engine.ts";
import { namesOf } from "../names.ts";
import { Connection, type Flight } from "./connection.ts";
import type { Opening } from "./opening.ts";
import { Origin } from "./origin.ts";

/** A session's connections to one origin, and the requests that wait for one. */
export class Pool {
  readonly keepAliveMs: number;
  readonly #settings: EngineSettings;
  readonly #origin: Origin;
  readonly clock: Clock;
  readonly #lookup: LookupFunction;
  readonly #connections = new Set<Connection>();
  readonly #adopted: Opening[] = [];
  /** The last one used is the first one used again: it is the least likely to be stale. */
  readonly #idle: Connection[] = [];
  readonly #waiting = new Set<Flight>();
  /** One alarm for all that idle, moved only when it rings. */
  #alarmMs = Infinity;
  #cancelAlarm: (() => void) | undefined;

  constructor(origin: string, settings: EngineSettings, clock: Clock) {
    this.keepAliveMs = settings.keepAliveMs;
    this.#settings = settings;
    this.#origin = new Origin(origin, settings);
    this.clock = clock;
    this.#lookup = namesOf(clock).lookup(settings.dnsTtlMs);
  }

  /** A connection that is open, for the next request. */
  adopt(opening: Opening): void {
    this.#adopted.push(opening);
  }

  take(flight: Flight): void {
    const idle = this.#idle.pop();
    if (idle) idle.board(flight);
    else if (this.#connections.size < this.#settings.connections) this.#takeFresh(flight);
    else {
      flight.marks = { boardedMs: undefined, way: undefined, sentMs: undefined, heardMs: undefined };
      this.#waiting.add(flight);
    }
  }

  #takeFresh(flight: Flight): void {
    const connection = new Connection(this, this.#origin, this.#lookup, this.#settings.bodyLimitBytes, this.#adopted.pop());
    this.#connections.add(connection);
    connection.board(flight);
  }

  /** Another connection in this one's place, for its own request. */
  replace(connection: Connection, flight: Flight): void {
    this.#end(connection);
    this.#takeFresh(flight);
  }

  /** An answer has come; the server keeps the connection for so long. */
  free(connection: Connection, keepsMs: number): void {
    const idleMs = Math.min(keepsMs, this.keepAliveMs);
    if (idleMs === 0) return this.drop(connection);
    for (const flight of this.#waiting) {
      this.#waiting.delete(flight);
      return connection.board(flight);
    }
    connection.idleUntilMs = this.clock.now() + idleMs;
    this.#idle.push(connection);
    if (connection.idleUntilMs < this.#alarmMs) this.#setAlarm(connection.idleUntilMs);
  }

  drop(connection: Connection): void {
    this.#end(connection);
    for (const flight of this.#waiting) {
      this.#waiting.delete(flight);
      return this.take(flight);
    }
  }

  forget(flight: Flight): void {
    this.#waiting.delete(flight);
  }

  async close(): Promise<void> {
    this.#cancelAlarm?.();
    await Promise.all([...this.#connections].map((connection) => connection.end()));
  }

  #end(connection: Connection): void {
    this.#connections.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    void connection.end();
  }

  #setAlarm(atMs: number): void {
    this.#cancelAlarm?.();
    this.#alarmMs = atMs;
    this.#cancelAlarm = this.clock.at(atMs, () => this.#endIdle());
  }

  #endIdle(): void {
    this.#alarmMs = Infinity;
    this.#cancelAlarm = undefined;
    const nowMs = this.clock.now();
    for (const connection of [...this.#idle]) if (connection.idleUntilMs <= nowMs) this.#end(connection);
    const nextMs = Math.min(...this.#idle.map(({ idleUntilMs }) => idleUntilMs));
    if (nextMs !== Infinity) this.#setAlarm(nextMs);
  }
}
