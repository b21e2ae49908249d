import { plainName } from "../mask/names.ts";
import type { Secrets } from "../mask/mask.ts";
import type { Budget } from "../model/budget.ts";
import type { Place } from "../model/cluster.ts";
import type { Drivers } from "../model/driver.ts";
import { defaultBeat, type Probe } from "../model/probe.ts";
import { phasesOn, placesOf, type Phase, type Scenario } from "../model/scenario.ts";
import { defaultSetupTime, type Setup } from "../model/setup.ts";
import { durationMs, type Duration } from "../units/duration.ts";
import { checkBudgets } from "./budgets.ts";
import { Problems } from "./collect.ts";
import { plannedPace } from "./paces.ts";
import type { Plan, Planned, PlannedPace, PlannedPhase, PlannedProbe, PlannedSetup } from "./plan.ts";
import { plannedStorm } from "./storms.ts";

const fields = new Set(["name", "for", "load", "fault", "recover", "after", "hold", "judged", "budget", "probes", "on"]);

function plannedProbes(probes: readonly Probe[], place: string, problems: Problems): PlannedProbe[] {
  const names = new Set<string>();
  return probes.map((probe, index) => {
    const at = `${place}[${index}]`;
    if (typeof probe?.ask !== "function" || !probe.name) problems.add("SEA_PROBE", at);
    else if (names.has(probe.name)) problems.add("SEA_NAME_TWICE", at, { what: "probe", name: probe.name });
    names.add(probe?.name);
    const beat = probe?.every ?? defaultBeat;
    const everyMs = problems.get(() => durationMs(beat, `${at}.every`), 5_000);
    if (everyMs <= 0) problems.add("SEA_TIME_ZERO", `${at}.every`);
    return { probe, everyMs };
  });
}

function plannedPhase(phase: Phase, index: number, scenario: Scenario, places: readonly Place[], problems: Problems, warnings: string[]): PlannedPhase {
  const place = `phases[${scenario.phases.indexOf(phase)}]${phase.name ? ` "${phase.name}"` : ""}`;
  if (!phase.name) problems.add("SEA_NAME_MISSING", place, { what: "phase" });
  for (const field of Object.keys(phase)) if (!fields.has(field)) problems.add("SEA_UNKNOWN_FIELD", `${place}.${field}`, { field, known: [...fields].join(", ") });
  let forMs: number | undefined;
  if (phase.for !== undefined) {
    forMs = problems.get(() => durationMs(phase.for as Duration, `${place}.for`), 1);
    if (forMs <= 0) problems.add("SEA_TIME_ZERO", `${place}.for`);
    if (phase.fault) problems.add("SEA_STORM_WITH_LENGTH", `${place}.for`);
  }
  const load = new Map<string, PlannedPace>();
  for (const [journey, pace] of Object.entries(phase.load ?? {})) {
    if (pace === undefined) continue;
    const at = `${place}.load.${journey}`;
    if (!(journey in scenario.journeys)) {
      problems.add("SEA_UNKNOWN_JOURNEY", at, { journey, known: Object.keys(scenario.journeys).join(", ") });
      continue;
    }
    const planned = plannedPace(pace, forMs, at, problems);
    if (!planned) continue;
    load.set(journey, planned);
    if (forMs === undefined && !phase.fault && planned.kind !== "times") problems.add("SEA_PACE_WITHOUT_LENGTH", at, { pace: pace.kind });
  }
  if (load.size === 0) warnings.push(`${place} has no load: what happens in it is seen by probes alone`);
  if (phase.budget) checkBudgets(phase.budget, new Set(Object.keys(scenario.journeys)), `${place}.budget`, problems);
  for (const [journey, own] of Object.entries({ ...scenario.budget, ...phase.budget })) {
    for (const { every } of [own ?? []].flat() as readonly Budget[]) {
      if (every !== undefined && forMs !== undefined && load.has(journey) && new Problems().get(() => durationMs(every), 0) > forMs) {
        warnings.push(`${place} is shorter than the windows of ${journey}'s budget (every ${every}): it has one window, itself`);
      }
    }
  }
  if (phase.budget && phase.judged === false) warnings.push(`${place} has a budget but is not judged`);
  return {
    index, forMs, load,
    name: phase.name, judged: phase.judged ?? true, budget: phase.budget,
    storm: phase.fault ? plannedStorm(phase, place, places.filter((one) => phasesOn([phase], [one]).sailed.length > 0), problems) : undefined,
    probes: plannedProbes(phase.probes ?? [], `${place}.probes`, problems),
  };
}

function checkDrivers(drivers: Drivers, place: string, places: readonly Place[], problems: Problems): void {
  for (const [key, driver] of Object.entries(drivers)) {
    const at = `${place}.${key}`;
    if (typeof driver?.open !== "function") problems.add("SEA_DRIVER", at);
    else if (driver.service !== undefined) {
      if (places.length === 0) problems.add("SEA_SERVICE_WITHOUT_CLUSTER", at, { service: driver.service });
      for (const { name, services } of places) {
        if (!services.includes(driver.service)) problems.add("SEA_SERVICE_UNKNOWN", at, { service: driver.service, cluster: name, known: services.join(", ") || "none" });
      }
    }
  }
}

function plannedSetup(setup: Setup, places: readonly Place[], problems: Problems): PlannedSetup {
  if (typeof setup?.prepare !== "function") problems.add("SEA_SETUP", "setup");
  checkDrivers(setup?.drivers ?? {}, "setup.drivers", places, problems);
  const withinMs = problems.get(() => durationMs(setup?.within ?? defaultSetupTime, "setup.within"), 1);
  if (withinMs <= 0) problems.add("SEA_TIME_ZERO", "setup.within");
  return { setup, withinMs };
}

function checkSecrets(secrets: Secrets, problems: Problems): void {
  const isName = (name: unknown) => typeof name === "string" && plainName(name) !== "";
  const isValue = (value: unknown) => value === undefined || typeof value === "string";
  // A value stays unsaid, also where it is none.
  for (const [field, isOne, what] of [["names", isName, "names of fields"], ["shown", isName, "names of fields"], ["values", isValue, "texts"]] as const) {
    const list: unknown = secrets[field] ?? [];
    if (!Array.isArray(list) || !list.every(isOne)) problems.add("SEA_SECRETS", `secrets.${field}`, { field, what });
  }
  for (const field of Object.keys(secrets)) if (!["names", "values", "shown"].includes(field)) problems.add("SEA_SECRETS_FIELD", `secrets.${field}`, { field });
}

/**
 * Checks a scenario and turns it into a plan. Pure: it opens, reads and starts nothing. Every
 * mistake is found in one go.
 *
 * @param places where it may sail: all of the scenario's, or the one that was chosen
 */
export function resolve(scenario: Scenario, places: readonly Place[] = scenario.places): Planned {
  const problems = new Problems();
  const warnings: string[] = [];
  if (!scenario.name) problems.add("SEA_NAME_MISSING", "scenario", { what: "scenario" });
  const names = Object.keys(scenario.journeys ?? {});
  if (names.length === 0) problems.add("SEA_NO_JOURNEYS", "journeys");
  for (const name of names) {
    const journey = scenario.journeys[name]!;
    if (typeof journey?.walk !== "function") problems.add("SEA_JOURNEY", `journeys.${name}`);
    if (name === "all") problems.add("SEA_NAME_TAKEN", `journeys.${name}`, { name });
    checkDrivers(journey?.drivers ?? {}, `journeys.${name}.drivers`, places, problems);
  }
  const graceMs = problems.get(() => durationMs(scenario.grace, "grace"), 10_000);
  if (!Array.isArray(scenario.phases) || scenario.phases.length === 0) problems.add("SEA_NO_PHASES", "phases");
  const known = scenario.places.map(({ name }) => name);
  for (const [index, { name: phase, on }] of (scenario.phases ?? []).entries()) {
    for (const { name } of placesOf(on)) if (!known.includes(name)) problems.add("SEA_PHASE_PLACE", `phases[${index}] "${phase}".on`, { name: String(name), known: known.join(", ") || "none" });
  }
  const { sailed, left } = phasesOn(scenario.phases ?? [], places);
  if (sailed.length === 0 && left.length > 0) problems.add("SEA_NO_PHASES", "phases");
  if (left.length > 0) warnings.push(`left out on ${places.map(({ name }) => name).join(", ")}: ${left.map(({ name }) => name).join(", ")}`);
  const phases = sailed.map((phase, index) => plannedPhase(phase, index, scenario, places, problems, warnings));
  phases.forEach((phase, index) => {
    if (phases.findIndex((other) => other.name === phase.name) < index) problems.add("SEA_NAME_TWICE", `phases[${index}]`, { what: "phase", name: phase.name });
  });
  checkBudgets(scenario.budget, new Set(names), "budget", problems);
  const probes = plannedProbes(scenario.probes, "probes", problems);
  const setup = scenario.setup === undefined ? undefined : plannedSetup(scenario.setup, places, problems);
  if (scenario.seed !== undefined && !Number.isSafeInteger(scenario.seed)) problems.add("SEA_COUNT", "seed", { value: String(scenario.seed), least: 0 });
  checkSecrets(scenario.secrets, problems);
  const budgeted = Object.keys(scenario.budget).length > 0 || phases.some((phase) => phase.budget !== undefined || phase.storm);
  if (!budgeted) warnings.push("no budget and no storm: nothing will be judged, so the verdict can't be better than unsure");
  for (const name of names) {
    if (!phases.some((phase) => phase.load.has(name))) warnings.push(`journey ${name} is in no phase's load`);
  }
  if (problems.list.length > 0) return { plan: undefined, problems: problems.list, warnings };
  const plan: Plan = { name: scenario.name, seed: scenario.seed, graceMs, journeys: scenario.journeys, phases, budget: scenario.budget, probes, setup, secrets: scenario.secrets };
  return { plan, problems: [], warnings };
}
