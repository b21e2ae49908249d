/** The door to Artillery scripts. Importing it loads nothing and starts nothing; a walk does. */
import { journey, type Journey } from "../../src/model/journey.ts";
import type { Driver } from "../../src/model/driver.ts";
import { knownOnly, readPlace, wrongSetting, type PlaceOptions } from "../command/place.ts";
import type { ArtillerySession, OpenArtillery } from "./session.ts";

export type { ArtillerySession } from "./session.ts";

/** What `artillery()` may say. */
export interface ArtillerySettings extends PlaceOptions {
  /** The script, relative to `cwd`. With a `base` or `service`, its target is that. */
  readonly script: string;
  /** One of the script's environments. */
  readonly environment?: string;
  /** The program. Default: the project's own, from `cwd` up, or the one on the PATH. */
  readonly bin?: string;
  /** For `--tag` and `--grep`. */
  readonly tags?: readonly string[];
}

/**
 * An Artillery script as a journey: every walk runs it once, through Artillery's own command line. What it did is counted as its
 * report says; latencies are the report's own, as measures, for percentiles can't be merged.
 *
 * @throws SEA_COMMAND_SETTING, SEA_HTTP_BASE, SEA_UNIT_DURATION for settings that can't be
 * @example
 * const crowd = artillery({ script: "load.yml", service: "shop", timeout: "20m" });
 * // beside other load: load: { crowd: times(1), buy: arrivals("5/s") }
 */
export function artillery(given: ArtillerySettings): Journey<{ readonly artillery: Driver<ArtillerySession> }> {
  knownOnly("artillery", given, ["script", "environment", "bin", "tags"]);
  const { script, environment, bin } = given;
  if (typeof script !== "string" || script === "") throw wrongSetting("artillery", "script", script, "the path of an Artillery script");
  for (const [setting, value] of Object.entries({ environment, bin })) {
    if (value !== undefined && (typeof value !== "string" || value === "")) throw wrongSetting("artillery", setting, value, "text that is not empty");
  }
  const place = readPlace("artillery", given);
  const driver: Driver<OpenArtillery> = {
    kind: "artillery",
    service: place.service,
    caveats: [`The touches of ${script} are counted from Artillery's own report; its latencies are quoted from it, and merged with no others.`],
    async open(context) {
      const [{ Runner }, { OpenArtillery, programIn }] = await Promise.all([import("../command/runner.ts"), import("./session.ts")]);
      const runner = await Runner.open("artillery", place, context);
      try {
        return new OpenArtillery(runner, { script, environment, bin: bin ?? programIn(runner.cwd, runner.variables["PATH"]) });
      } catch (error) {
        await runner.close();
        throw error;
      }
    },
    renew: (session) => session.runner.renew(),
    close: (session) => session.runner.close(),
  };
  const walk = ({ artillery }: { readonly artillery: ArtillerySession }, user: { measure(name: string, ms: number): void }) => artillery.run((name, ms) => user.measure(name, ms));
  return journey({ artillery: Object.freeze(driver) as Driver<ArtillerySession> }, walk, { ...(given.tags && { tags: given.tags }) });
}
