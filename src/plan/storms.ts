import type { Place } from "../model/cluster.ts";
import type { Cost, Fault, Mending, Recovery, Unaided } from "../model/fault.ts";
import type { StormPhase } from "../model/scenario.ts";
import { durationMs, type Duration } from "../units/duration.ts";
import { allowed } from "./allowed.ts";
import type { Problems } from "./collect.ts";
import type { PlannedStorm } from "./plan.ts";

const sayCost = (cost: Cost): string => [cost.count, cost.what, cost.name].filter((part) => part !== undefined).join(" ");

const unaided: ReadonlySet<Mending> = new Set<Unaided>(["platform", "end"]);

const isFault = (value: unknown): value is Fault =>
  typeof value === "object" && value !== null && ["aim", "inject", "recovered", "heal"].every((verb) => typeof (value as Record<string, unknown>)[verb] === "function");

/** Parses a phase's storm, and gathers what is wrong with it. */
export function plannedStorm(phase: StormPhase, place: string, places: readonly Place[], problems: Problems): PlannedStorm | undefined {
  const { fault, recover } = phase;
  if (!isFault(fault)) return void problems.add("SEA_FAULT", `${place}.fault`);
  if (places.length === 0) problems.add("SEA_FAULT_WITHOUT_CLUSTER", `${place}.fault`, { fault: fault.kind });
  if (!recover) return void problems.add("SEA_FAULT_WITHOUT_RECOVERY", place, { fault: fault.kind });
  const recovery = typeof recover.by === "string" ? undefined : (recover.by as Recovery | undefined);
  const by = recovery ? recovery.by : (recover.by as Mending | undefined);
  if (by === undefined || (!recovery && !unaided.has(by)) || !(by in fault.mendedBy)) {
    problems.add("SEA_RECOVERY_UNFIT", `${place}.recover.by`, { by: String(by), fault: fault.kind, fit: Object.keys(fault.mendedBy).join(", ") });
  }
  for (const one of places) {
    for (const cost of fault.costs) {
      const within = problems.get(() => allowed(cost, one.mayLose), true);
      if (!within) problems.add("SEA_NOT_ALLOWED", `${place}.fault`, { cost: sayCost(cost), cluster: one.name });
    }
  }
  const ms = (value: Duration | undefined, field: string, otherwise: number): number =>
    value === undefined ? otherwise : problems.get(() => durationMs(value, `${place}.${field}`), otherwise);
  if (recover.within === undefined) problems.add("SEA_RECOVERY_WITHOUT_TIME", `${place}.recover`);
  const withinMs = ms(recover.within, "recover.within", 60_000);
  const heldMs = ms(recovery?.after, "recover.by.after", 0);
  if (heldMs >= withinMs) problems.add("SEA_RECOVERY_LATE", `${place}.recover.by.after`, { after: String(recovery?.after), within: String(recover.within) });
  problems.list.push(...(fault.check?.({ place: `${place}.fault`, withinMs, by }) ?? []));
  const keeps = (recover.keeps ?? []).map((survival, index) => ({ ...survival, losingMs: ms(survival.losing, `recover.keeps[${index}].losing`, 0) }));
  return {
    fault, keeps, recovery, withinMs, heldMs,
    by: by ?? "platform",
    afterMs: ms(phase.after, "after", 0),
    holdMs: ms(phase.hold, "hold", 0),
  };
}
