import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { relative, resolve } from "node:path";
import { problem } from "../../../src/units/errors.ts";

const require = createRequire(import.meta.url);

/** The path of a file that a person named, from the working directory. */
export const pathOf = (file: string | URL): string => resolve(file instanceof URL ? fileURLToPath(file) : file);

/** A path as a person would type it. */
export function readable(path: string): string {
  const near = relative(process.cwd(), path);
  return near === "" || near.startsWith("..") ? path : near;
}

export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (cause) {
    throw problem("SEA_POSTMAN_FILE", { file: readable(path), error: (cause as NodeJS.ErrnoException).code ?? (cause as Error).message }, readable(path), cause);
  }
}

/** @throws SEA_POSTMAN_FORM with line and column */
export function readJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (text.trim() === "") throw problem("SEA_POSTMAN_FORM", { what: "JSON", why: "it is empty" }, readable(path), cause);
    // Node often leaves out where; and its message quotes the text, which may hold a secret. YAML's grammar holds JSON's.
    throw problem("SEA_POSTMAN_FORM", { what: "JSON", why: "it can't be parsed" }, `${readable(path)}${positionOf(parse(text)) ?? ""}`, cause);
  }
}

/** @throws SEA_POSTMAN_FORM with line and column */
export function readYaml(path: string): unknown {
  const document = parse(readText(path));
  const [error] = document.errors;
  if (error) throw problem("SEA_POSTMAN_FORM", { what: "YAML", why: error.code.toLowerCase().replaceAll("_", " ") }, `${readable(path)}${positionOf(document) ?? ""}`, error);
  // Aliases can make a small file large.
  return document.toJS({ maxAliasCount: 100 });
}

type Yaml = typeof import("yaml");

const parse = (text: string) => (require("yaml") as Yaml).parseDocument(text, { prettyErrors: true });

/** Where a document went wrong first: `":3:7"`. */
function positionOf({ errors }: ReturnType<typeof parse>): string | undefined {
  const [{ line, col } = {}] = errors[0]?.linePos ?? [];
  return line === undefined ? undefined : `:${line}:${col}`;
}
