import type { Cluster, Place, PlaceContext } from "../model/cluster.ts";
import { objections } from "../play/consent.ts";
import type { Plan, PlannedPhase, PlannedStorm } from "../plan/plan.ts";
import { realClock } from "../units/clock.ts";
import { sayError } from "../units/errors.ts";
import { seeded, type Random } from "../units/random.ts";

type Stormy = PlannedPhase & { readonly storm: PlannedStorm };

/**
 * What each storm would hit if it came now, what speaks against it, and what the platform would not
 * permit. Reads only. A run with the same seed hits the same, as long as nothing changes.
 */
export async function targetsOf(plan: Plan, place: Place, seed: number): Promise<string> {
  const random = seeded(seed);
  const context = { clock: realClock(), random, signal: new AbortController().signal, run: "plan", folder: undefined, consent: { harm: place.name, even: "production" } as const, say: () => undefined };
  const stormy = plan.phases.filter((phase): phase is Stormy => phase.storm !== undefined);
  const lines = [...(await permitted(place, context, stormy))];
  let cluster: Cluster | undefined;
  try {
    cluster = await place.look!(context);
    if (!cluster) return `targets: ${place.name} is not up, so none are known`;
    if (stormy.length > 0) lines.push(`targets, if it were now (seed ${seed}):`);
    for (const phase of stormy) lines.push(...(await aimed(cluster, phase, place, random.fork("storm", phase.index))));
    if (stormy.length > 0 && place.harms !== "freely") lines.push(...(await wanted(cluster, place)));
  } catch (error) {
    lines.push(`targets: unknown, for ${place.name} can't be looked at: ${sayError(error)}`);
  } finally {
    await cluster?.close();
  }
  return lines.join("\n");
}

async function aimed(cluster: Cluster, { name, storm: { fault } }: Stormy, place: Place, random: Random): Promise<string[]> {
  try {
    const { targets } = await fault.aim(cluster, random);
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

async function permitted(place: Place, context: PlaceContext, stormy: readonly Stormy[]): Promise<string[]> {
  if (!place.permits) return [];
  const { asked, missing, remedy } = await place.permits(context, stormy.map(({ storm }) => storm));
  if (missing.length === 0) return [`permission: all ${asked} calls of a run are allowed`, ""];
  return [`permission: ${missing.length} of ${asked} calls of a run are NOT allowed:`, ...missing.map((call) => `  ${call}`), "let somebody who may apply this, and bind it:", "", remedy];
}
