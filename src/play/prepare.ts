import type { Driver, Drivers } from "../model/driver.ts";
import type { Plan } from "../plan/plan.ts";

const refuse = (_journey: string, error: unknown): void => {
  throw error;
};

/**
 * Lets the drivers of a plan load what their sessions will need, one after the other.
 *
 * @param lacks told of each journey with a driver that can't be had, and why; without it that is thrown
 */
export async function prepareDrivers({ journeys }: Pick<Plan, "journeys">, lacks = refuse): Promise<void> {
  const asked = new Map<Driver<unknown>, Promise<void> | undefined>();
  for (const [name, journey] of Object.entries(journeys)) {
    try {
      for (const driver of Object.values(journey.drivers as Drivers)) {
        if (!asked.has(driver)) asked.set(driver, driver.prepare?.());
        await asked.get(driver);
      }
    } catch (error) {
      lacks(name, error);
    }
  }
}
