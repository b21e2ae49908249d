import type { Clock } from "../../../src/units/clock.ts";
import type { Engine, EngineSettings } from "../engine.ts";
import { Flight } from "./connection.ts";
import { checkTls } from "./origin.ts";
import { Pool } from "./pool.ts";

/** The wire: HTTP/1.1 on Node's sockets, with no library between. */
export function wireEngine(settings: EngineSettings, clock: Clock): Engine {
  checkTls(settings.tls);
  const pools = new Map<string, Pool>();
  return {
    dispatch(request, done) {
      let pool = pools.get(request.origin);
      if (!pool) pools.set(request.origin, (pool = new Pool(request.origin, settings, clock)));
      const flight = new Flight(request, pool, done);
      pool.take(flight);
      return () => flight.abandon();
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}
