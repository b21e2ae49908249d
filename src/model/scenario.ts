import type { Secrets } from "../mask/mask.ts";
import type { Duration } from "../units/duration.ts";
import type { Budgets } from "./budget.ts";
import type { Cluster, Place } from "./cluster.ts";
import type { Fault, Mending, Recover } from "./fault.ts";
import type { Journeys } from "./journey.ts";
import type { CountedPace, Pace } from "./pace.ts";
import type { Probe } from "./probe.ts";
import type { Setup } from "./setup.ts";

/** The paces of a phase by journey. */
export type Load<Names extends string = string, P = Pace> = { readonly [K in Names]?: P };

interface AnyPhase<Names extends string> {
  readonly name: string;
  /** False: recorded and shown, but in no budget. Default true. */
  readonly judged?: boolean;
  /** Tighter or wider limits while this phase lasts; they replace the scenario's for the journeys named. */
  readonly budget?: Budgets<Names>;
  readonly probes?: readonly Probe[];
  /** Only where one of these places was chosen; elsewhere the phase is left out, and `plan` says so. Default: everywhere. */
  readonly on?: PlacesSpec;
}

type PlacesSpec = Place<any> | readonly Place<any>[];

/** So long, under this load. */
export interface SteadyPhase<Names extends string = string> extends AnyPhase<Names> {
  readonly for: Duration;
  readonly load: Load<Names>;
  readonly fault?: undefined;
  readonly recover?: undefined;
}

/** Until every walk was walked. */
export interface CountedPhase<Names extends string = string> extends AnyPhase<Names> {
  readonly for?: undefined;
  readonly load: Load<Names, CountedPace>;
  readonly fault?: undefined;
  readonly recover?: undefined;
}

interface StormOf<Names extends string, C extends Cluster, By extends Mending> extends AnyPhase<Names> {
  readonly load: Load<Names>;
  readonly for?: undefined;
  readonly fault: Fault<C, any, By>;
  readonly recover: Recover<By, C>;
  /** Load before the harm. Default: none. */
  readonly after?: Duration;
  /** Load after the storm is over, still in this phase. Default: none. */
  readonly hold?: Duration;
}

/** Until the fault is recovered and healed. */
export type StormPhase<Names extends string = string, C extends Cluster = any> =
  | StormOf<Names, C, "platform">
  | StormOf<Names, C, "end">
  | StormOf<Names, C, "restore">
  | StormOf<Names, C, "rollback">
  | StormOf<Names, C, "lift">;

export type CalmPhase<Names extends string = string> = SteadyPhase<Names> | CountedPhase<Names>;
export type Phase<Names extends string = string, C extends Cluster = any> = CalmPhase<Names> | StormPhase<Names, C>;

/** What the compiler says of a name that should not be there, in place of "not assignable to never". */
interface Wrong<Says extends string> {
  readonly problem: Says;
}
type Unknown<Given, Known, Says extends string> = { readonly [K in Exclude<keyof Given, Known>]: Wrong<`${Says} '${K & string}'`> };

/** What every phase may say, wide enough to take a wrong one in: `Fit` then says what is wrong, and where. */
export interface PhaseSpec extends Omit<AnyPhase<string>, "budget"> {
  readonly load: Readonly<Record<string, Pace>>;
  readonly budget?: Budgets<string>;
  readonly for?: string;
  readonly fault?: Fault<never, any, any>;
  readonly recover?: Recover<any, never>;
  readonly after?: string;
  readonly hold?: string;
}

/** The kind of phase that a written one has to be. */
type KindOf<Given, Names extends string, C extends Cluster> = Given extends { readonly fault: Fault<never, any, infer By> }
  ? [C] extends [never]
    ? { readonly fault: Wrong<"a fault needs a cluster: name one in the scenario"> }
    : StormOf<Names, C, By>
  : Given extends { readonly for: infer Length extends string }
    ? Length extends Duration
      ? SteadyPhase<Names>
      : { readonly for: Wrong<`'${Length}' is not a duration such as "200ms" or "1.5m"`> }
    : Given extends { readonly load: Readonly<Record<string, CountedPace>> }
      ? CountedPhase<Names>
      : SteadyPhase<Names>;

/** A written phase, and what it lacks or has too much. */
type Fit<Given, Names extends string, C extends Cluster> = Given &
  KindOf<Given, Names, Given extends { readonly on: infer On extends PlacesSpec } ? ClusterOf<On> : C> &
  Unknown<Given, keyof PhaseSpec, "no phase has a field"> &
  (Given extends { readonly load: infer L } ? { readonly load: Unknown<L, Names, "there is no journey"> } : unknown) &
  (Given extends { readonly budget: infer B } ? { readonly budget: Unknown<B, Names | "all", "there is no journey"> } : unknown);

/** The clusters of all places: what a fault must cope with. */
type ClusterOf<Places> = Places extends readonly Place<infer C>[] ? C : Places extends Place<infer C> ? C : never;

export interface ScenarioSpec<J extends Journeys, Places extends PlacesSpec, Phases extends readonly PhaseSpec[], Limits extends Budgets<string>> {
  readonly name: string;
  readonly journeys: J;
  /** Where it can sail; the first is the default, `--on NAME` chooses another. */
  readonly cluster?: Places;
  readonly phases: { readonly [I in keyof Phases]: Fit<Phases[I], keyof J & string, ClusterOf<Places>> };
  readonly budget?: Limits & Unknown<Limits, keyof J | "all", "there is no journey">;
  readonly probes?: readonly Probe[];
  /** Once before the first user, and after the last. */
  readonly setup?: Setup;
  /**
   * What is masked in everything that is written down, beside what shows by itself.
   * @example secrets: { names: ["cardNumber"], values: [process.env["SHOP_PASSWORD"]], shown: ["pageToken"] }
   */
  readonly secrets?: Secrets;
  /** Walks under way at the end get so long to finish, then they are cut. Default `"10s"`. */
  readonly grace?: Duration;
  /** Names a seed, so that every run draws the same chances. Default: a fresh one, printed. */
  readonly seed?: number;
}

/** One trial as a frozen value: who walks, in which phases, within what budget, harming what. */
export interface Scenario {
  readonly name: string;
  readonly journeys: Journeys;
  readonly places: readonly Place<any>[];
  readonly phases: readonly Phase[];
  readonly budget: Budgets;
  readonly probes: readonly Probe[];
  readonly setup: Setup | undefined;
  readonly secrets: Secrets;
  readonly grace: Duration;
  readonly seed: number | undefined;
}

/** The grace of a scenario that names none. */
const defaultGrace: Duration = "10s";

const mark = Symbol.for("seatrial.scenario");

/**
 * One trial.
 *
 * @example
 * export default scenario({
 *   name: "checkout gate",
 *   journeys: { browse },
 *   phases: [{ name: "peak", for: "5m", load: { browse: arrivals("80/s") } }],
 *   budget: { browse: { p95: "200ms", errors: "0.1%" } },
 * });
 */
export function scenario<
  const J extends Journeys,
  const Phases extends readonly PhaseSpec[],
  Places extends PlacesSpec = never,
  const Limits extends Budgets<string> = {},
>(spec: ScenarioSpec<J, Places, Phases, Limits>): Scenario {
  const places = placesOf(spec.cluster);
  return Object.freeze({
    [mark]: true,
    name: spec.name,
    journeys: spec.journeys,
    places,
    phases: spec.phases as unknown as readonly Phase[],
    budget: (spec.budget ?? {}) as Budgets,
    probes: spec.probes ?? [],
    setup: spec.setup,
    secrets: spec.secrets ?? {},
    grace: spec.grace ?? defaultGrace,
    seed: spec.seed,
  });
}

/** The phases that are sailed where one of the places was chosen, and those that are left out there. */
export function phasesOn(phases: readonly Phase[], places: readonly Pick<Place, "name">[]): { readonly sailed: readonly Phase[]; readonly left: readonly Phase[] } {
  const isSailed = ({ on }: Phase) => on === undefined || placesOf(on).some(({ name }) => places.some((place) => place.name === name));
  return { sailed: phases.filter(isSailed), left: phases.filter((phase) => !isSailed(phase)) };
}

/** The places of a field that takes one or several. */
export const placesOf = (places: PlacesSpec | undefined): readonly Place<any>[] => (places === undefined ? [] : [places].flat() as readonly Place<any>[]);

/** True for what `scenario` made, also by another copy of this package. */
export function isScenario(value: unknown): value is Scenario {
  return typeof value === "object" && value !== null && mark in value;
}
