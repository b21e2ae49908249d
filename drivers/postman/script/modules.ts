import { createRequire } from "node:module";
import { problem } from "../../../src/units/errors.ts";
import { postmanAssertions, type Chai } from "./assertions.ts";
import { ScriptRequest } from "./request.ts";
import { ScriptResponse } from "./response.ts";

const require = createRequire(import.meta.url);

/** Packages that scripts may ask for, in the versions that Postman's sandbox is made of. */
const packages: Readonly<Record<string, string>> = {
  chai: "chai@4", lodash: "lodash@4", moment: "moment@2", "crypto-js": "crypto-js@4", uuid: "uuid@8", ajv: "ajv@6", tv4: "tv4@1", cheerio: "cheerio@1.0.0-rc.12", xml2js: "xml2js@0.6",
  "@faker-js/faker": "@faker-js/faker@5.5.3",
};
const builtIn = new Set(["assert", "buffer", "events", "path", "punycode", "querystring", "stream", "string_decoder", "timers", "url", "util"]);
const ofOurs = new Set(["atob", "btoa", "csv-parse/lib/sync"]);

/** What a script may `require`. */
export const isKnownModule = (name: string): boolean => Object.hasOwn(packages, name) || builtIn.has(name) || ofOurs.has(name) || name === "string-decoder";

/** @throws SEA_POSTMAN_PACKAGE with the command that installs it */
export function mustBeInstalled(name: string, what: string): void {
  if (!Object.hasOwn(packages, name)) return;
  try {
    require.resolve(name);
  } catch (cause) {
    throw problem("SEA_POSTMAN_PACKAGE", { what, package: name, install: packages[name]! }, undefined, cause);
  }
}

const loaded = new Map<string, unknown>();

/** The module, loaded when the first script asks for it. */
export function moduleFor(name: string): unknown {
  if (!loaded.has(name)) loaded.set(name, load(name));
  return loaded.get(name);
}

function load(name: string): unknown {
  if (name === "atob") return atob;
  if (name === "btoa") return btoa;
  if (name === "csv-parse/lib/sync") return (require("csv-parse/sync") as { parse: unknown }).parse;
  if (name === "string-decoder") return require("node:string_decoder");
  if (builtIn.has(name) && name !== "punycode") return require(`node:${name}`);
  if (!isKnownModule(name)) throw new Error(`Cannot find module '${name}'`);
  mustBeInstalled(name, "a script");
  return require(name);
}

let extended: Chai | undefined;

/** chai with what Postman adds to it. */
export function chai(): Chai {
  if (extended) return extended;
  extended = moduleFor("chai") as Chai;
  extended.use(postmanAssertions(() => moduleFor("ajv") as never));
  for (const { prototype } of [ScriptRequest, ScriptResponse]) Object.defineProperty(prototype, "to", { get(this: object) { return (extended!.expect(this) as { to: unknown }).to; } });
  return extended;
}

/** XML as Postman's `xml2Json` reads it. */
export function xmlToJson(text: string): unknown {
  const { parseString } = moduleFor("xml2js") as { parseString(text: string, options: object, done: (error: unknown, result: unknown) => void): void };
  let json: unknown = {};
  parseString(text, { explicitArray: false, async: false, trim: true, mergeAttrs: false }, (_, result) => (json = result));
  return json;
}
