import type { PlannedProbe } from "../plan/plan.ts";
import { sayError } from "../units/errors.ts";
import { withDeadline } from "./deadline.ts";
import type { Voyage } from "./voyage.ts";

const mostTextLength = 200;

/** Asks one probe on its beat until `stop`; a question is over when the next is due. */
export async function beat(voyage: Voyage, { probe, everyMs }: PlannedProbe, phase: number | undefined, stop: AbortSignal): Promise<void> {
  const { clock } = voyage;
  const beginMs = clock.now();
  for (let n = 0; !stop.aborted; n++) {
    const end = new AbortController();
    const tMs = clock.now();
    const common = { k: "probe" as const, t: Math.round(tMs), name: probe.name, ...(phase !== undefined && { phase }) };
    try {
      // A question that heeds no signal must not hold up the end of the phase, or of the run.
      const { value, ok, text } = await withDeadline(clock, everyMs, `probe ${probe.name}`, () => probe.ask({ clock, signal: AbortSignal.any([end.signal, stop]), cluster: voyage.cluster }), stop);
      voyage.write({
        ...common,
        ...(value !== undefined && { value }), ...(ok !== undefined && { ok }),
        ...(text !== undefined && { text: text.slice(0, mostTextLength) }),
      });
    } catch (error) {
      if (!stop.aborted) voyage.write({ ...common, error: sayError(error).slice(0, mostTextLength) });
    } finally {
      end.abort();
    }
    // Question n + 1 is due at its own time; beats that were missed are not made up for.
    const nextMs = beginMs + Math.max(n + 1, Math.ceil((clock.now() - beginMs) / everyMs)) * everyMs;
    n = Math.round((nextMs - beginMs) / everyMs) - 1;
    await clock.until(nextMs, stop).catch(() => undefined);
  }
}
