import type { Cluster, Place } from "../model/cluster.ts";
import { objections } from "../play/consent.ts";
import type { Plan, PlannedPhase, PlannedStorm } from "../plan/plan.ts";
import { realClock } from "../units/clock.ts";
import { sayError } from "../units/errors.ts";
import { seeded } from "../units/random.ts";

/**
 * What each storm would hit if it came now, what speaks against it, and what the platform would not
 * permit. Reads only. A run with the same seed hits the same, as long as nothing changes.
 */
export async function targetsOf(plan: Plan, place: Place, seed: number): Promise<string> {
  const random = seeded(seed);
  const consent = { harm: place.name, even: "production" } as const;
  const cluster = await place.look!({ clock: realClock(), random, signal: new AbortController().signal, run: "plan", folder: undefined, consent, say: () => undefined });
  if (!cluster) return `targets: ${place.name} is not up, so none are known`;
  try {
    const stormy = plan.phases.filter((phase): phase is PlannedPhase & { readonly storm: PlannedStorm } => phase.storm !== undefined);
    if (stormy.length === 0) return "targets: none, for there is no storm";
    const lines = [`targets, if it were now (seed ${seed}):`];
    for (const phase of stormy) lines.push(...(await aimed(cluster, phase, place, (label) => random.fork("storm", label))));
    if (place.harms !== "freely") lines.push("", ...(await wanted(cluster, place)), ...(await permitted(cluster, stormy)));
    return lines.join("\n");
  } finally {
    await cluster.close();
  }
}

async function aimed(cluster: Cluster, { name, index, storm: { fault } }: PlannedPhase & { readonly storm: PlannedStorm }, place: Place, chance: (label: number) => ReturnType<typeof seeded>): Promise<string[]> {
  try {
    const { targets } = await fault.aim(cluster, chance(index));
    const against = await objections(cluster, { run: "plan", fault: fault.kind, targets, may: place.mayLose }, `phase "${name}"`);
    return [`  ${name}: ${targets.map((target) => `${target.what} ${target.namespace === undefined ? "" : `${target.namespace}/`}${target.name}`).join(", ")}`, ...against.map((error) => `    refused: ${sayError(error)}`)];
  } catch (error) {
    return [`  ${name}: ${sayError(error)}`];
  }
}

/** What a person has to type to let it happen. */
async function wanted(cluster: Cluster, place: Place): Promise<string[]> {
  const signs = (await cluster.guard?.signs()) ?? place.signs ?? [];
  const words = `a run harms it only with --harm ${place.name}${signs.length > 0 ? " --even production" : ""}`;
  return signs.length > 0 ? [`${place.name} LOOKS LIKE PRODUCTION: ${signs.join("; ")}`, words] : [words];
}

async function permitted(cluster: Cluster, stormy: readonly { readonly storm: PlannedStorm }[]): Promise<string[]> {
  if (!cluster.guard) return [];
  const { asked, missing, remedy } = await cluster.guard.permits(stormy.map(({ storm }) => storm));
  if (missing.length === 0) return [`permission: all ${asked} calls of a run are allowed`];
  return [`permission: ${missing.length} of ${asked} calls of a run are NOT allowed:`, ...missing.map((call) => `  ${call}`), "let somebody who may apply this:", "", remedy.trimEnd()];
}
