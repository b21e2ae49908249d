import type { Clock } from "../../../src/units/clock.ts";
import type { Engine, EngineSettings } from "../engine.ts";
import type { Opening } from "../wire/opening.ts";
import { checkTls } from "../wire/origin.ts";
import { Flight } from "./flight.ts";
import { Pool } from "./pool.ts";

/** Takes over an origin whose server chose HTTP/1.1, on the connection that asked; answers where its requests go from now on. */
export type Older = (origin: string, opening: Opening) => Engine;

/**
 * HTTP/2 on `node:http2`: one connection for all requests of a user to one origin.
 *
 * @param say told which origins speak it
 * @param older offered by ALPN beside HTTP/2; without it a server has no choice
 */
export function h2Engine(settings: EngineSettings, clock: Clock, say: (line: string) => void, older?: Older): Engine {
  checkTls(settings.tls);
  const pools = new Map<string, Pool>();
  return {
    dispatch(request, hearer) {
      const { origin } = request;
      let pool = pools.get(origin);
      if (!pool) {
        const parts = { settings, clock, speaks: () => say(`${origin} speaks HTTP/2`), older: older && ((opening: Opening) => older(origin, opening)) };
        pools.set(origin, (pool = new Pool(origin, parts)));
      }
      const flight = new Flight(request, pool, settings.bodyLimitBytes, hearer);
      pool.take(flight);
      return flight;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}
