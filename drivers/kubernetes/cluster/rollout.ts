import type { Rollout } from "../../../src/model/cluster.ts";

/** Pods of one template of a workload. */
export interface Variant {
  /** Names the template. */
  readonly id: string;
  readonly version: string;
  /** Later ones are greater. */
  readonly revision: number;
  readonly replicas: number;
  readonly ready: number;
}

/** A workload as it stands: the template that it should have, and the pods that there are of each. */
export interface Stand {
  readonly goal: { readonly id: string; readonly version: string };
  readonly variants: readonly Variant[];
  /** The platform has nothing left to replace. */
  readonly isDone: boolean;
  readonly reason: string;
}

/** One of the templates of a rollout. */
interface End {
  readonly id: string;
  readonly version: string;
}

/** What was seen of a workload's last rollout: the platform itself forgets how it ended. */
export interface Past {
  readonly stable: End;
  readonly candidate: End;
  /** The one of the two with which it was seen done. */
  readonly endedWith?: string;
}

/** The template to which a rollout under way would go back: the latest other one that has pods, else the latest other one. */
export function formerOf({ goal, variants }: Pick<Stand, "goal" | "variants">): Variant | undefined {
  const others = variants.filter(({ id }) => id !== goal.id).sort((a, b) => Number(b.replicas > 0) - Number(a.replicas > 0) || b.revision - a.revision);
  return others[0];
}

/**
 * Where a workload stands between two versions, and what to remember of it for the next look.
 *
 * While it goes back, the candidate is still the one whose pods are on their way out. Once a rollout is
 * over it stays so until the goal changes: replacing lost pods, or more of them, is none.
 */
export function rolloutOf(stand: Stand, past: Past | undefined): { readonly rollout: Rollout; readonly past: Past | undefined } {
  const { goal, variants, isDone, reason } = stand;
  const isOfPast = past !== undefined && (past.endedWith === undefined ? past.candidate.id === goal.id || past.stable.id === goal.id : past.endedWith === goal.id);
  const still = (phase: Rollout["phase"], why: string): Rollout => ({ phase, stable: goal.version, candidate: undefined, weight: 0, reason: why });
  if (isOfPast && (isDone || past.endedWith !== undefined)) {
    const phase = past.candidate.id === goal.id ? "promoted" : "rolled-back";
    return { rollout: still(phase, reason || phase), past: { ...past, endedWith: goal.id } };
  }
  if (isDone) return { rollout: still("idle", ""), past: undefined };
  const former = formerOf(stand);
  // The first pods that it ever had.
  if (!isOfPast && (!former || former.replicas === 0)) return { rollout: still("idle", ""), past };
  // A release that was never done is not what the next one goes back to.
  const isOpen = past !== undefined && past.endedWith === undefined && variants.some(({ id, replicas }) => id === past.stable.id && replicas > 0);
  const now: Past = isOfPast ? past : { stable: isOpen ? past.stable : { id: former!.id, version: former!.version }, candidate: goal };
  const all = variants.reduce((sum, { ready }) => sum + ready, 0);
  const ready = variants.find(({ id }) => id === now.candidate.id)?.ready ?? 0;
  return { rollout: { phase: "progressing", stable: now.stable.version, candidate: now.candidate.version, weight: all === 0 ? 0 : ready / all, reason }, past: now };
}
