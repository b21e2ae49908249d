/** The door to suites that exist already. Importing it loads no library and starts nothing; a walk does. */
import { journey, type Journey } from "../../src/model/journey.ts";
import type { Driver } from "../../src/model/driver.ts";
import { readSettings, type SuiteSettings } from "./settings.ts";
import type { OpenSuite, SuiteSession } from "./session.ts";

export type { SuiteSession } from "./session.ts";
export type { SuiteFormat, SuiteSettings } from "./settings.ts";

/**
 * A team's own suite as a journey: every walk runs it once, and every case of its results is an op.
 *
 * @throws SEA_COMMAND_SETTING, SEA_HTTP_BASE, SEA_UNIT_DURATION for settings that can't be
 * @example
 * const checkout = suite({ run: "npx playwright test --reporter=json", reads: "playwright", service: "shop", env: ({ base }) => ({ BASE_URL: base }) });
 * // once: load: { checkout: times(1) }; again and again while a fault lasts: load: { checkout: users(1) }
 */
export function suite(given: SuiteSettings): Journey<{ readonly suite: Driver<SuiteSession> }> {
  const settings = readSettings(given);
  const driver: Driver<OpenSuite> = {
    kind: "suite",
    service: settings.place.service,
    async open(context) {
      const [{ Runner }, { OpenSuite }] = await Promise.all([import("../command/runner.ts"), import("./session.ts")]);
      return new OpenSuite(await Runner.open("suite", settings.place, context), settings);
    },
    renew: (session) => session.runner.renew(),
    close: (session) => session.runner.close(),
  };
  return journey({ suite: Object.freeze(driver) as Driver<SuiteSession> }, ({ suite }) => suite.run(), { ...(given.tags && { tags: given.tags }) });
}
