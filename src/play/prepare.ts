import type { Drivers } from "../model/driver.ts";
import type { Plan } from "../plan/plan.ts";

/** Lets the drivers of a plan load what their sessions will need, one after the other. What one throws is thrown. */
export async function prepareDrivers({ journeys }: Pick<Plan, "journeys">): Promise<void> {
  const drivers = new Set(Object.values(journeys).flatMap((journey) => Object.values(journey.drivers as Drivers)));
  for (const driver of drivers) await driver.prepare?.();
}
