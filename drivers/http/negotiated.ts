import type { Clock } from "../../src/units/clock.ts";
import type { Engine, EngineSettings } from "./engine.ts";
import { h2Engine } from "./h2/index.ts";
import { wireEngine } from "./wire/index.ts";

/** Origins that chose HTTP/1.1, for all users of one driver: only the first to come have to ask. */
const known = new WeakMap<EngineSettings, Set<string>>();

/**
 * Lets each https origin choose what is spoken, as browsers do: HTTP/2 where the server agrees, else
 * HTTP/1.1 on the connection that asked. Over http it is HTTP/1.1.
 */
export function negotiatedEngine(settings: EngineSettings, clock: Clock, say: (line: string) => void): Engine {
  let olders = known.get(settings);
  if (!olders) known.set(settings, (olders = new Set()));
  const wire = wireEngine(settings, clock);
  const h2 = h2Engine(settings, clock, say, (origin, opening) => {
    olders.add(origin);
    say(`${origin} speaks HTTP/1.1`);
    wire.adopt(origin, opening);
    return wire;
  });
  return {
    dispatch: (request, hearer) => (request.origin.startsWith("https:") && !olders.has(request.origin) ? h2 : wire).dispatch(request, hearer),
    async close() {
      await Promise.all([h2.close(), wire.close()]);
    },
  };
}
