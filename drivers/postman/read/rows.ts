import { createRequire } from "node:module";
import type { Feeder, FeedOrder } from "../../../src/model/feeder.ts";
import { problem } from "../../../src/units/errors.ts";
import { pathOf, readable, readJson, readText } from "./file.ts";

export type Row = Readonly<Record<string, unknown>>;

/** A file of rows (CSV, or JSON with a list), the rows themselves, or a feeder. */
export type Data = string | URL | readonly Row[] | Feeder<Row>;

const require = createRequire(import.meta.url);
const isFeeder = (data: Data): data is Feeder<Row> => typeof data === "object" && "rows" in data && "order" in data;

/**
 * Data as a feeder. A file is read here, so that what is wrong with it is said before the run.
 *
 * @throws SEA_POSTMAN_FILE, SEA_POSTMAN_FORM
 */
export function readData(data: Data): Feeder<Row> {
  if (isFeeder(data)) return data;
  const isFile = typeof data === "string" || data instanceof URL;
  const list = isFile ? readRows(pathOf(data)) : data;
  if (!Array.isArray(list) || list.length === 0 || list.some((row) => typeof row !== "object" || row === null)) {
    throw problem("SEA_POSTMAN_FORM", { what: "data", why: "it holds no list of rows" }, isFile ? readable(pathOf(data)) : "postman.data");
  }
  const order: FeedOrder = "sequential";
  return Object.freeze({ name: isFile ? readable(pathOf(data)) : "rows", order, rows: async () => list as readonly Row[] });
}

function readRows(path: string): unknown {
  if (/\.json$/i.test(path)) return readJson(path);
  const { parse } = require("csv-parse/sync") as typeof import("csv-parse/sync");
  try {
    // As Newman reads it: what stands in quotes is text, a bare number is one.
    return parse(readText(path), {
      columns: true, trim: true, bom: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true,
      cast: (value, { quoting, header }) => (quoting || header ? value : castOf(value)),
    });
  } catch (cause) {
    const { lines } = cause as { readonly lines?: number };
    throw problem("SEA_POSTMAN_FORM", { what: "CSV", why: (cause as { code?: string }).code?.toLowerCase().replaceAll("_", " ") ?? "it can't be parsed" }, `${readable(path)}${lines === undefined ? "" : `:${lines}`}`, cause);
  }
}

function castOf(value: string): unknown {
  if (/^[-+]?[1-9]\d*$/.test(value)) return Number.parseInt(value, 10);
  // Text that holds more than a number stays text.
  return value !== "" && Number.isFinite(Number(value)) && !Number.isNaN(Number.parseFloat(value)) ? Number.parseFloat(value) : value;
}
