import type { Driver, SessionPool } from "../model/driver.ts";
import { problem, sayError } from "../units/errors.ts";
import type { Plan, PlannedPhase } from "./plan.ts";
import { mostUsers } from "./sockets.ts";

/** What a machine has to give. */
interface MachineSize {
  readonly memoryMb: number;
  readonly cores: number;
}

/** The users of a phase that may want something of each pool at once. */
function usersOf(plan: Plan, phase: PlannedPhase): ReadonlyMap<SessionPool, number> {
  const users = new Map<SessionPool, number>();
  for (const [journey, pace] of phase.load) {
    for (const { pool } of Object.values<Driver<unknown>>(plan.journeys[journey]!.drivers)) {
      if (pool) users.set(pool, (users.get(pool) ?? 0) + mostUsers(pace, phase.forMs));
    }
  }
  return users;
}

/**
 * Warns where the users of a phase may want more at once than a pool has, and where what the pools
 * then give out is more than the machine carries.
 */
export function poolWarnings(plan: Plan, machine: MachineSize): readonly string[] {
  return plan.phases.flatMap((phase) => {
    const place = `phases[${phase.index}] "${phase.name}"`;
    const warnings: string[] = [];
    let [count, memoryMb, cores] = [0, 0, 0];
    const kinds = new Set<string>();
    for (const [{ of, most, ...each }, users] of usersOf(plan, phase)) {
      if (users > most) warnings.push(sayError(problem("SEA_PLAN_POOL", { users, most, of }, place)));
      const used = Math.min(users, most);
      if (used === 0) continue;
      kinds.add(of);
      count += used;
      memoryMb += used * each.memoryMb;
      cores += used * each.cores;
    }
    const [need, have] = memoryMb > machine.memoryMb
      ? [`${Math.round(memoryMb)} MB of memory`, `${Math.round(machine.memoryMb)} MB`]
      : cores > machine.cores ? [`${Number(cores.toFixed(1))} cores`, String(machine.cores)] : [];
    if (need !== undefined) warnings.push(sayError(problem("SEA_PLAN_MACHINE", { count, of: [...kinds].join(" and "), need, have: have! }, place)));
    return warnings;
  });
}
