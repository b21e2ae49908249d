import { problem } from "../../../src/units/errors.ts";
import { pathOf, readable, readJson, readYaml } from "./file.ts";
import type { Param } from "./shape.ts";

/** Variables: an exported file of Postman (JSON, or YAML of v12), or names with their values. */
export type Variables = string | URL | Readonly<Record<string, unknown>>;

/**
 * Variables as a list; those that are switched off are marked so.
 *
 * @throws SEA_POSTMAN_FILE, SEA_POSTMAN_FORM
 */
export function readVariables(given: Variables | undefined): readonly Param[] {
  if (given === undefined) return [];
  if (typeof given !== "string" && !(given instanceof URL)) return Object.entries(given).map(([key, value]) => ({ key, value }));
  const path = pathOf(given);
  const read = (/\.ya?ml$/i.test(path) ? readYaml(path) : readJson(path)) as { readonly values?: unknown; readonly environment?: { readonly values?: unknown } } | null;
  const values = read?.values ?? read?.environment?.values;
  if (!Array.isArray(values)) throw problem("SEA_POSTMAN_FORM", { what: "variables", why: "it has no list of values" }, readable(path));
  return values.map((value: Param & { readonly enabled?: boolean }) => ({ ...value, disabled: value.disabled === true || value.enabled === false }));
}
