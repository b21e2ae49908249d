import type { Recovery } from "../model/fault.ts";
import type { Duration } from "../units/duration.ts";

export interface LiftOptions {
  /** How long the harm is held first, from when it was seen. Default: lifted at once. */
  readonly after?: Duration;
}

/**
 * The end of a harm that nobody else would end: it is held, then taken away as `heal` does it, and
 * from then on the platform has to become whole by itself. All of it counts from the inject.
 *
 * @example recover: { by: lift({ after: "30s" }), within: "2m" }
 */
export function lift({ after }: LiftOptions = {}): Recovery<"lift"> {
  return Object.freeze({
    by: "lift",
    name: after === undefined ? "lifting it" : `lifting it after ${after}`,
    ...(after !== undefined && { after }),
    mend: (_cluster, _aim, _prepared, mender) => mender.heal(),
  } satisfies Recovery<"lift">);
}
