import { problem } from "../../src/units/errors.ts";
import type { OpenContext } from "../../src/model/driver.ts";
import { durationMs, type Duration } from "../../src/units/duration.ts";
import { parseBase } from "../http/address.ts";

/** What the variables of a command may be made of. */
export interface Given {
  /** The address of the setting's base or service; empty where it names none. */
  readonly base: string;
  /** The session's own folder, gone with the session: for results, when several run side by side. */
  readonly folder: string;
  /** The address of any service of the cluster. @throws SEA_HTTP_SERVICE for one that is not there */
  service(name: string): string;
}

/** Where a command runs, and what it knows. */
export interface PlaceOptions {
  /** The service's address; the command finds it as `SEATRIAL_BASE`. */
  readonly base?: string;
  /** In place of `base`: a service of the cluster, by its name. */
  readonly service?: string;
  /** Variables beside those of this process, `SEATRIAL_BASE` and `SEATRIAL_FOLDER`. @example ({ base }) => ({ BASE_URL: base }) */
  readonly env?: Readonly<Record<string, string>> | ((given: Given) => Readonly<Record<string, string>>);
  /** Default: the working directory. */
  readonly cwd?: string;
  /** How long one run may take. Default `"10m"`. */
  readonly timeout?: Duration;
}

/** Read and checked. */
export interface Place {
  readonly base: string | undefined;
  readonly service: string | undefined;
  readonly env: NonNullable<PlaceOptions["env"]>;
  readonly cwd: string | undefined;
  readonly timeoutMs: number;
}

/** The error for a setting that can't be. */
export const wrongSetting = (driver: string, setting: string, value: unknown, form: string) =>
  problem("SEA_COMMAND_SETTING", { driver, setting, value: typeof value === "string" ? value : (JSON.stringify(value) ?? typeof value), form }, `${driver}.${setting}`);

/** @throws SEA_COMMAND_SETTING for a name that is not among those */
export function knownOnly(driver: string, given: object, own: readonly string[]): void {
  const known = [...own, "base", "service", "env", "cwd", "timeout"];
  for (const name of Object.keys(given)) if (!known.includes(name)) throw wrongSetting(driver, "setting", name, `one of ${known.join(", ")}`);
}

/** @throws SEA_COMMAND_SETTING, SEA_HTTP_BASE, SEA_UNIT_DURATION */
export function readPlace(driver: string, { base, service, env = {}, cwd, timeout = "10m" }: PlaceOptions): Place {
  if (base !== undefined && service !== undefined) throw wrongSetting(driver, "service", service, "a base or a service, one of the two");
  if (base !== undefined) parseBase(base, `${driver}.base`);
  for (const [setting, value] of Object.entries({ service, cwd })) {
    if (value !== undefined && (typeof value !== "string" || value === "")) throw wrongSetting(driver, setting, value, "text that is not empty");
  }
  if (typeof env !== "function") checkEnv(driver, env);
  const timeoutMs = durationMs(timeout, `${driver}.timeout`);
  if (timeoutMs === 0) throw wrongSetting(driver, "timeout", timeout, "longer than nothing");
  return { base, service, env, cwd, timeoutMs };
}

function checkEnv(driver: string, env: unknown): void {
  const isFit = typeof env === "object" && env !== null && Object.values(env).every((value) => typeof value === "string");
  if (!isFit) throw wrongSetting(driver, "env", typeof env, "names with texts, or a function that answers such");
}

/**
 * All variables of the command.
 *
 * @throws SEA_HTTP_SERVICE for a service that is not there, SEA_COMMAND_SETTING for what is no text, and what `env` itself throws
 */
export function variablesIn(driver: string, place: Place, context: OpenContext, folder: string): Record<string, string> {
  const service = (name: string): string => {
    const address = context.service(name);
    if (address === undefined) throw problem("SEA_HTTP_SERVICE", { service: name }, `${driver}.service`);
    return address;
  };
  const base = place.base ?? (place.service === undefined ? "" : service(place.service));
  const own = typeof place.env === "function" ? place.env({ base, folder, service }) : place.env;
  checkEnv(driver, own);
  // Of another run, where this one is run by one.
  const { SEATRIAL_BASE: _base, SEATRIAL_FOLDER: _folder, ...inherited } = process.env as Record<string, string>;
  return { ...inherited, ...(base !== "" && { SEATRIAL_BASE: base }), SEATRIAL_FOLDER: folder, ...own };
}
