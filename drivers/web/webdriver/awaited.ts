import type { Clock } from "../../../src/units/clock.ts";
import type { Awaited as Coming } from "../engine.ts";
import { meaningOf } from "./failure.ts";

const everyMs = 50;

/** Asks again and again for what a touch brings about: the protocol does not tell by itself. */
export function awaited<T>(clock: Clock, timeoutMs: number, ask: () => Promise<T | undefined>, ended: () => void = () => undefined): Coming<T> {
  const over = new AbortController();
  const begunMs = clock.now();
  const search = async (): Promise<T> => {
    try {
      for (;;) {
        await clock.sleep(everyMs, over.signal);
        const found = await ask();
        if (found !== undefined) return found;
        if (clock.now() - begunMs > timeoutMs) throw new Error("timeout");
      }
    } catch (error) {
      throw meaningOf(error);
    } finally {
      ended();
    }
  };
  return { came: search(), cancel: () => over.abort() };
}
