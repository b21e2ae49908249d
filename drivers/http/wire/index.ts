import type { Clock } from "../../../src/units/clock.ts";
import type { Engine, EngineSettings } from "../engine.ts";
import { Flight } from "./connection.ts";
import type { Opening } from "./opening.ts";
import { checkTls } from "./origin.ts";
import { Pool } from "./pool.ts";

export interface WireEngine extends Engine {
  /** Takes an open connection to that origin for the next request. */
  adopt(origin: string, opening: Opening): void;
}

/** The wire: HTTP/1.1 on Node's sockets, with no library between. */
export function wireEngine(settings: EngineSettings, clock: Clock): WireEngine {
  checkTls(settings.tls);
  const pools = new Map<string, Pool>();
  const poolOf = (origin: string): Pool => {
    let pool = pools.get(origin);
    if (!pool) pools.set(origin, (pool = new Pool(origin, settings, clock)));
    return pool;
  };
  return {
    dispatch(request, hearer) {
      const pool = poolOf(request.origin);
      const flight = new Flight(request, pool, hearer);
      pool.take(flight);
      return flight;
    },
    adopt: (origin, opening) => poolOf(origin).adopt(opening),
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}
