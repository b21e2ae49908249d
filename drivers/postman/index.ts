/** The door of the Postman driver. Importing it loads no package; reading a collection loads what that needs. */
import type { Driver } from "../../src/model/driver.ts";
import type { Journey } from "../../src/model/journey.ts";
import { compile } from "./compile.ts";
import { conformanceDriver } from "./conformance.ts";
import { loadDriver } from "./load.ts";
import type { PostmanSession } from "./session.ts";
import { readSettings, type PostmanOptions, type Settings } from "./settings.ts";

export type { Data, Row } from "./read/rows.ts";
export type { Variables } from "./read/variables.ts";
export type { PostmanSession } from "./session.ts";
export type { PostmanHttp, PostmanOptions } from "./settings.ts";

/** A journey that is a collection. */
export type PostmanJourney = Journey<{ readonly postman: Driver<PostmanSession> }, undefined>;

/**
 * A Postman collection as a journey: an exported file (v2.0, v2.1) or a folder of Postman 12 (v3).
 * It is read and compiled here, so that whatever is wrong with it is said before the run. Relative
 * paths count from the working directory; `new URL("shop.postman.json", import.meta.url)` from the scenario.
 *
 * @throws SEA_POSTMAN_… with the place in the file
 * @example
 * const shop = postman("shop.postman.json", { environment: "staging.postman_environment.json", data: "users.csv" });
 * export default scenario({ name: "shop", journeys: { shop }, phases: [{ name: "once each", load: { shop: times(10) } }] });
 */
export function postman(file: string | URL, options: PostmanOptions = {}): PostmanJourney {
  const settings = readSettings(file, options);
  const { wait, tags } = options;
  const driver = driverOf(settings);
  return Object.freeze({
    drivers: Object.freeze({ postman: driver }),
    walk: ({ postman }: { readonly postman: PostmanSession }, user) => postman.walk(user),
    ...(wait && { wait }),
    ...(tags && { tags }),
  } satisfies PostmanJourney);
}

function driverOf(settings: Settings): Driver<PostmanSession> {
  if (settings.mode === "conformance") return conformanceDriver(settings);
  return loadDriver(settings, compile(settings.collection, settings.folder, settings.http.tls?.insecure ?? false)) as Driver<PostmanSession>;
}
