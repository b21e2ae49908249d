import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import { relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isScenario, type Scenario } from "../model/scenario.ts";
import { problem, sayError, SeatrialError } from "../units/errors.ts";
import { openDoors } from "./doors.ts";
import { hushExperiments } from "./hush.ts";

/**
 * The scenario that a TypeScript or JavaScript file exports by default.
 *
 * @param file relative to the working directory
 * @throws SEA_LOAD_… with the place in the file and what to do
 */
export async function loadScenario(file: string): Promise<Scenario> {
  const value = await loadDefault(file);
  if (!isScenario(value)) throw problem("SEA_LOAD_SCENARIO", { file, what: describe(value) }, file);
  return value;
}

/** What a module or JSON file exports by default: a scenario, a budget. */
export async function loadDefault(file: string): Promise<unknown> {
  hushExperiments();
  openDoors();
  const path = resolve(file);
  if (!existsSync(path)) throw problem("SEA_LOAD_FILE", { file }, file);
  const url = pathToFileURL(path).href;
  let module: { readonly default?: unknown };
  try {
    module = await (path.endsWith(".json") ? import(url, { with: { type: "json" } }) : import(url));
  } catch (error) {
    throw explain(error, file);
  }
  if (!("default" in module)) throw problem("SEA_LOAD_DEFAULT", { file }, file);
  return module.default;
}

function describe(value: unknown): string {
  if (value instanceof Promise) return "a promise";
  if (typeof value === "function") return "a function";
  return value === null ? "null" : Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `${typeof value} ${String(value)}`;
}

/** What went wrong while a file was read, linked or run, in the words of the catalogue. */
function explain(error: unknown, file: string): SeatrialError {
  if (error instanceof SeatrialError) {
    return error.place?.includes(file) ? error : new SeatrialError(error.code, error.message, error.hint, [file, error.place].filter(Boolean).join(" "), error);
  }
  const { code, message } = error as NodeJS.ErrnoException;
  const place = placeOf(error) ?? (error instanceof SyntaxError ? checked(file) : file);
  const text = firstLine(message);
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") return problem("SEA_LOAD_TYPESCRIPT", { error: text }, place, error);
  if (code === "ERR_MODULE_NOT_FOUND" || code === "ERR_UNSUPPORTED_DIR_IMPORT") return unfound(message, file, error);
  if (/does not provide an export named/.test(text)) return problem("SEA_LOAD_NAME", { error: text }, place, error);
  if (code === "ERR_INVALID_TYPESCRIPT_SYNTAX" || error instanceof SyntaxError) return problem("SEA_LOAD_SYNTAX", { error: text }, place, error);
  return problem("SEA_LOAD_THROWN", { error: error instanceof Error ? `${error.name}: ${text}` : sayError(error) }, place, error);
}

const firstLine = (text: string | undefined) => String(text).trim().split("\n")[0]!;

function unfound(message: string, file: string, error: unknown): SeatrialError {
  const [, kind, wanted, parent] = /Cannot find (package|module) '(.+?)' imported from (.+?)$/m.exec(message) ?? [];
  const place = parent === undefined ? file : readable(parent);
  if (kind === "package" && wanted !== undefined && !isBuiltin(wanted)) {
    const [scope, name] = wanted.split("/");
    const packageName = wanted.startsWith("@") ? `${scope}/${name}` : scope!;
    return problem("SEA_LOAD_PACKAGE", { package: packageName }, place, error);
  }
  return problem("SEA_LOAD_IMPORT", { wanted: wanted === undefined ? firstLine(message) : readable(wanted) }, place, error);
}

/** `file:line` of the user's own code that the error's stack names first. */
function placeOf(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const [, url, line] of stack.matchAll(/(file:\/\/\/[^\s:)]+|(?<=^|\s|\()\/[^\s:)]+):(\d+)/gm)) {
    if (!url!.includes("/node_modules/") && !url!.startsWith(new URL("../", import.meta.url).href)) return `${readable(url!)}:${line}`;
  }
  return undefined;
}

/** Node tells the line of a syntax error in JavaScript only to somebody who reads what it prints. */
function checked(file: string): string {
  const { stderr } = spawnSync(process.execPath, ["--check", file], { encoding: "utf8", timeout: 10_000 });
  const line = /^[^\n]*:(\d+)\n/.exec(stderr)?.[1];
  return line === undefined ? file : `${file}:${line}`;
}

/** A path as the user would type it. */
function readable(urlOrPath: string): string {
  const path = urlOrPath.startsWith("file:") ? fileURLToPath(urlOrPath) : urlOrPath;
  const near = relative(process.cwd(), path);
  return near === "" || near.startsWith("..") ? path : near;
}
