import type { Driver } from "../model/driver.ts";
import { problem, sayError } from "../units/errors.ts";
import type { Plan, PlannedPace, PlannedPhase } from "./plan.ts";
import { ownedThrough } from "./rota.ts";
import { levelAt } from "./schedule.ts";

/** What Node, the ledger and the libraries hold open themselves. */
const ownDescriptors = 50;
const looks = 100;

/** The most users at once that a pace may have. */
export function mostUsers(pace: PlannedPace, forMs: number | undefined): number {
  if (pace.kind === "arrivals") return pace.most;
  if (pace.kind === "times") return ownedThrough(pace.shares, pace.users);
  const lengthMs = forMs ?? pace.overMs;
  const levels = Array.from({ length: looks + 1 }, (_, n) => levelAt(pace, (lengthMs * n) / looks));
  return ownedThrough(pace.shares, Math.ceil(Math.max(...levels) - 1e-9));
}

function needs(plan: Plan, phase: PlannedPhase): { readonly users: number; readonly most: number } {
  let [users, most] = [0, 0];
  for (const [journey, pace] of phase.load) {
    const each = Object.values<Driver<unknown>>(plan.journeys[journey]!.drivers).reduce((sum, { sockets = 0 }) => sum + sockets, 0);
    if (each === 0) continue;
    const count = mostUsers(pace, phase.forMs);
    users += count;
    most += count * each;
  }
  return { users, most };
}

/**
 * Warns where the users of a phase may want more sockets at once than this process may have.
 * @param limit how many descriptors it may have; undefined where that is not known
 */
export function socketWarnings(plan: Plan, limit: number | undefined): readonly string[] {
  if (limit === undefined) return [];
  return plan.phases.flatMap((phase) => {
    const { users, most } = needs(plan, phase);
    if (most + ownDescriptors <= limit) return [];
    const each = most / users;
    const sockets = `${Number(each.toFixed(1))} ${each === 1 ? "connection" : "connections"} each`;
    return sayError(problem("SEA_PLAN_DESCRIPTORS", { users, sockets, most: most + ownDescriptors, limit }, `phases[${phase.index}] "${phase.name}"`));
  });
}
