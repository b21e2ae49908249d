import type { Drivers } from "../model/driver.ts";
import type { LeftOut, Plan } from "./plan.ts";

/** What every reader of a report must know of the drivers, each once. */
export function caveatsOf({ journeys }: Plan): readonly string[] {
  const drivers = Object.values(journeys).flatMap((journey) => Object.values(journey.drivers as Drivers));
  return [...new Set(drivers.flatMap((driver) => driver.caveats ?? []))];
}

/** What was left out is in no number of the report, so its reader must know of it. */
export const sayLeftOut = ({ journey, why }: LeftOut): string => `Journey ${journey} was left out, and nothing is known of what it would have seen: ${why}`;
