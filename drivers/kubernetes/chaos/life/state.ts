import type { ChaosThing } from "./words.ts";

/** Where one target of a fault stands. */
export interface Mark {
  /** `namespace/pod`, `namespace/pod/container`, or what a cloud calls it. */
  readonly id: string;
  readonly injected: boolean;
  /** Injected once, and taken away again since. */
  readonly recovered: boolean;
  /** The latest thing that went wrong with it, while it still matters. */
  readonly trouble: { readonly act: "inject" | "recover"; readonly why: string } | undefined;
}

export interface ChaosState {
  readonly marks: readonly Mark[];
  /** Every target was reached, now or before. */
  readonly struck: boolean;
  /** Every target was reached and let go: the only thing that proves a recovery. */
  readonly over: boolean;
  /** Its time is up, or it is being deleted: what was not injected by now never will be. */
  readonly stopping: boolean;
}

interface Event {
  readonly type?: string;
  readonly operation?: string;
  readonly message?: string;
}

function troubleOf(events: readonly Event[]): Mark["trouble"] {
  const last = events.at(-1);
  if (last?.type !== "Failed") return undefined;
  return { act: last.operation === "Recover" ? "recover" : "inject", why: last.message ?? "it does not say why" };
}

/**
 * What the status of an object says, by the counts of its records. The condition AllRecovered is
 * not asked: it is true as well when no injection ever worked.
 */
export function stateOf(thing: ChaosThing): ChaosState {
  const experiment = thing.status?.experiment;
  const marks = (experiment?.containerRecords ?? []).map((record): Mark => ({
    id: record.id,
    injected: record.injectedCount > 0,
    recovered: record.injectedCount > 0 && record.recoveredCount >= record.injectedCount && record.phase === "Not Injected",
    trouble: troubleOf((record.events ?? []) as readonly Event[]),
  }));
  return {
    marks,
    struck: marks.length > 0 && marks.every(({ injected }) => injected),
    over: marks.length > 0 && marks.every(({ recovered }) => recovered),
    stopping: experiment?.desiredPhase === "Stop",
  };
}

/** The condition's word, of the conditions that kinds and workflows have. */
export const conditionOf = (thing: ChaosThing, type: string): string | undefined =>
  ((thing.status?.conditions ?? []) as readonly { readonly type: string; readonly status: string }[]).find((one) => one.type === type)?.status;
