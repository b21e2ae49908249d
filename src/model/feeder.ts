import { readFile } from "node:fs/promises";
import { problem } from "../units/errors.ts";

/**
 * In which order rows are handed out: `sequential` and `shuffled` begin again at the end,
 * `random` picks with replacement, `unique` gives each user one row of its own that no other gets.
 */
export type FeedOrder = "sequential" | "shuffled" | "random" | "unique";

/** Rows of test data; inert until the run reads it. */
export interface Feeder<Row> {
  readonly name: string;
  readonly order: FeedOrder;
  /** All rows; called once a run, in each of its workers. */
  readonly rows: () => Promise<readonly Row[]>;
  /**
   * Which of the feeders made in this thread it is, from 0: workers that load the same file know by
   * it which of their feeders are the same. Left out where a feeder is written by hand.
   */
  readonly serial?: number;
}

let made = 0;

export interface FeedOptions {
  /** Default `"sequential"`. */
  readonly order?: FeedOrder;
}

/** Rows from an array. @example rows([{ item: "oar" }, { item: "rope" }], { order: "shuffled" }) */
export function rows<Row>(list: readonly Row[], options: FeedOptions = {}): Feeder<Row> {
  return Object.freeze({ name: "rows", order: options.order ?? "sequential", serial: made++, rows: async () => list });
}

export interface CsvOptions<Column extends string = string> extends FeedOptions {
  /** The columns' names, for a file whose first line holds a row already. Default: the first line names them. */
  readonly columns?: readonly Column[];
  /** What stands between two values: one character or more. Default `","`. */
  readonly delimiter?: string;
}

const nameOf = (file: string | URL) => (file instanceof URL ? file.pathname : file);

async function read(file: string | URL): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw problem("SEA_FEED_FILE", { file: nameOf(file) }, `feeder ${nameOf(file)}`, cause);
  }
}

/**
 * Rows from a CSV file; every value is a string. A relative path counts from the working directory;
 * `new URL("users.csv", import.meta.url)` from the scenario.
 *
 * @throws SEA_FEED_FILE, SEA_FEED_FORM when the run asks for the first row
 * @example csv<"name" | "word">("users.csv", { order: "shuffled" })
 * @example csv("users.csv", { columns: ["name", "word"], delimiter: ";" })
 */
export function csv<const Column extends string = string>(file: string | URL, options: CsvOptions<Column> = {}): Feeder<Readonly<Record<Column, string>>> {
  return Object.freeze({
    name: nameOf(file),
    order: options.order ?? "sequential",
    serial: made++,
    rows: async () => {
      const text = await read(file);
      const { parse } = await import("csv-parse/sync");
      try {
        return parse(text, { columns: options.columns ? [...options.columns] : true, delimiter: options.delimiter ?? ",", bom: true, skip_empty_lines: true }) as unknown as Record<Column, string>[];
      } catch (cause) {
        throw problem("SEA_FEED_FORM", { file: nameOf(file), form: "CSV", error: (cause as Error).message }, `feeder ${nameOf(file)}`, cause);
      }
    },
  });
}

/** Rows from a JSON file that holds an array. */
export function json<Row>(file: string | URL, options: FeedOptions = {}): Feeder<Row> {
  return Object.freeze({
    name: nameOf(file),
    order: options.order ?? "sequential",
    serial: made++,
    rows: async () => {
      const text = await read(file);
      let list: unknown;
      try {
        list = JSON.parse(text);
      } catch (cause) {
        throw problem("SEA_FEED_FORM", { file: nameOf(file), form: "JSON", error: (cause as Error).message }, `feeder ${nameOf(file)}`, cause);
      }
      if (!Array.isArray(list)) {
        throw problem("SEA_FEED_FORM", { file: nameOf(file), form: "JSON array", error: "the file holds no array" }, `feeder ${nameOf(file)}`);
      }
      return list as Row[];
    },
  });
}
