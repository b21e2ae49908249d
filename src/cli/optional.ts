import type { Drivers } from "../model/driver.ts";
import { sayLeftOut } from "../plan/caveats.ts";
import type { LeftOut, Plan } from "../plan/plan.ts";
import { prepareDrivers } from "../play/prepare.ts";
import { problem, sayError, SeatrialError } from "../units/errors.ts";
import { sayAside } from "./say.ts";
import { ready, type Ready, type ScenarioOptions } from "./scenario.ts";

/**
 * Has all drivers load what they need, and answers the optional journeys whose drivers lack something.
 *
 * @throws what another journey's driver lacks
 */
export async function lacking(plan: Plan): Promise<readonly LeftOut[]> {
  const leftOut: LeftOut[] = [];
  await prepareDrivers(plan, (journey, error) => {
    if (!plan.journeys[journey]!.optional || !(error instanceof SeatrialError)) throw error;
    leftOut.push({ journey, why: sayError(error) });
  });
  return leftOut;
}

function unrehearsable(drivers: Drivers, place: string): SeatrialError | undefined {
  const foreign = Object.entries(drivers).find(([, { rehearses }]) => !rehearses);
  return foreign && problem("SEA_NOT_REHEARSABLE", { kind: foreign[1].kind }, `${place}.${foreign[0]}`);
}

/**
 * The optional journeys that a rehearsal goes on without.
 *
 * @throws SEA_NOT_REHEARSABLE for anything else that can't be rehearsed
 */
export async function unrehearsed({ journeys, setup }: Plan): Promise<readonly LeftOut[]> {
  const ashore = setup && unrehearsable(setup.setup.drivers, "setup.drivers");
  if (ashore) throw ashore;
  return Object.entries(journeys).flatMap(([journey, { drivers, optional }]): LeftOut[] => {
    const why = unrehearsable(drivers, `journeys.${journey}.drivers`);
    if (why && !optional) throw why;
    return why ? [{ journey, why: sayError(why) }] : [];
  });
}

/** What can be played here, and the options that lead to it. */
interface Possible<Options> {
  readonly known: Ready;
  readonly options: Options;
}

/**
 * Leaves out the optional journeys that can't be walked here, each with a word to people. Undefined
 * when what is left can't be played; that is said, too.
 *
 * @param look finds those that can't be
 */
export async function possible<Options extends ScenarioOptions>(file: string, known: Ready, options: Options, look: (plan: Plan) => Promise<readonly LeftOut[]>): Promise<Possible<Options> | undefined> {
  const leftOut = await look(known.plan);
  if (leftOut.length === 0) return { known, options };
  for (const one of leftOut) sayAside(`warning: ${sayLeftOut(one)}`);
  const rest = { ...options, leftOut };
  const left = await ready(file, rest);
  return left && { known: left, options: rest };
}
