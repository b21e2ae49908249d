import type { Clock } from "../units/clock.ts";
import { problem } from "../units/errors.ts";

/**
 * The answer of `act`, or SEA_VERB_HANGS after `ms`: a cluster that never answers must not hold
 * up the healing. What comes later is ignored. With a signal, its reason as soon as it aborts.
 */
export function withDeadline<T>(clock: Clock, ms: number, what: string, act: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.at(clock.now() + ms, () => reject(problem("SEA_VERB_HANGS", { what, seconds: Math.round(ms / 1_000) }, what)));
    const leave = () => reject(signal!.reason);
    if (signal?.aborted) leave();
    signal?.addEventListener("abort", leave, { once: true });
    act().then(resolve, reject).finally(() => {
      cancel();
      signal?.removeEventListener("abort", leave);
    });
  });
}

/** Resolves when any of the signals aborts; `release` lets go of them. */
export function aborted(...signals: readonly AbortSignal[]): { readonly promise: Promise<void>; release(): void } {
  let ring: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (ring = resolve));
  for (const signal of signals) {
    if (signal.aborted) ring();
    else signal.addEventListener("abort", ring, { once: true });
  }
  return { promise, release: () => signals.forEach((signal) => signal.removeEventListener("abort", ring)) };
}
