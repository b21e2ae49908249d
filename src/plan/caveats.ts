import type { Drivers } from "../model/driver.ts";
import type { Plan } from "./plan.ts";

/** What every reader of a report must know of the drivers, each once. */
export function caveatsOf({ journeys }: Plan): readonly string[] {
  const drivers = Object.values(journeys).flatMap((journey) => Object.values(journey.drivers as Drivers));
  return [...new Set(drivers.flatMap((driver) => driver.caveats ?? []))];
}
