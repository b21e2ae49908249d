import type { Feeder } from "../../src/model/feeder.ts";
import type { JourneyOptions } from "../../src/model/journey.ts";
import { problem } from "../../src/units/errors.ts";
import type { HttpSettings } from "../http/index.ts";
import { readCollection, type Collection } from "./read/collection.ts";
import { readData, type Data, type Row } from "./read/rows.ts";
import type { Param } from "./read/shape.ts";
import { readVariables, type Variables } from "./read/variables.ts";

/** How the requests of load mode travel; see `seatrial/http`. Logins, headers and redirects are the collection's to say. */
export type PostmanHttp = Pick<HttpSettings, "timeout" | "tls" | "proxy" | "dnsTtl" | "keepAlive" | "connections" | "bodyLimitBytes" | "evidence" | "engine">;

export interface PostmanOptions extends Pick<JourneyOptions<any, any>, "wait" | "tags"> {
  /** `"load"` compiles the collection to Seatrial's HTTP client, `"conformance"` has Newman run it. Default `"load"`. */
  readonly mode?: "load" | "conformance";
  /** An exported file, or names with their values. */
  readonly environment?: Variables;
  readonly globals?: Variables;
  /** CSV or JSON file, rows, or a feeder. An iteration of load mode takes the next row; conformance runs one iteration a row. */
  readonly data?: Data;
  /** Names or ids of folders or requests to run. Default: all. */
  readonly folder?: string | readonly string[];
  /** Iterations in one walk. Default: 1; in conformance mode as many as there are rows. */
  readonly iterations?: number;
  /** A service of the cluster; its address becomes the variable `baseUrl` of the environment. */
  readonly service?: string;
  /** The name of that variable. Default `"baseUrl"`. */
  readonly serviceVariable?: string;
  readonly http?: PostmanHttp;
}

/** Settings read and checked, with everything that they name. */
export interface Settings {
  readonly mode: "load" | "conformance";
  readonly collection: Collection;
  readonly environment: readonly Param[];
  readonly globals: readonly Param[];
  readonly data: Feeder<Row> | undefined;
  readonly folder: readonly string[];
  readonly iterations: number | undefined;
  readonly service: string | undefined;
  readonly serviceVariable: string;
  readonly http: PostmanHttp;
}

const known = new Set(["mode", "environment", "globals", "data", "folder", "iterations", "service", "serviceVariable", "http", "wait", "tags"]);

const wrong = (setting: string, value: unknown, form: string) => problem("SEA_POSTMAN_SETTING", { setting, value: typeof value === "string" ? value : (JSON.stringify(value) ?? typeof value), form }, `postman.${setting}`);

/** @throws SEA_POSTMAN_SETTING, and whatever is wrong with the files that it names */
export function readSettings(file: string | URL, options: PostmanOptions): Settings {
  for (const name of Object.keys(options)) if (!known.has(name)) throw wrong("setting", name, `one of ${[...known].join(", ")}`);
  const { mode = "load", iterations, service, serviceVariable = "baseUrl", http = {} } = options;
  if (mode !== "load" && mode !== "conformance") throw wrong("mode", mode, '"load" or "conformance"');
  if (iterations !== undefined && !(Number.isInteger(iterations) && iterations >= 1)) throw wrong("iterations", iterations, "a whole number from 1");
  if (service !== undefined && (typeof service !== "string" || service === "")) throw wrong("service", service, "the name of a service");
  for (const name of ["base", "service", "headers", "auth", "redirects", "socketPath"]) if (name in http) throw wrong(`http.${name}`, "…", "it in the collection");
  return {
    mode, iterations, service, serviceVariable, http,
    collection: readCollection(file),
    environment: readVariables(options.environment),
    globals: readVariables(options.globals),
    data: options.data === undefined ? undefined : readData(options.data),
    folder: options.folder === undefined ? [] : [options.folder].flat(),
  };
}
