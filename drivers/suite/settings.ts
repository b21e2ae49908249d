import { knownOnly, readPlace, wrongSetting, type Place, type PlaceOptions } from "../command/place.ts";
import type { Reader } from "./case.ts";

/** The format of a suite's results. */
export type SuiteFormat = keyof typeof formats;

/** What `suite()` may say. */
export interface SuiteSettings extends PlaceOptions {
  /** The command, as a shell takes it. */
  readonly run: string;
  /** What its results are written in: Playwright's, vitest's or jest's, Newman's or WebdriverIO's `json` reporter, or JUnit's XML. */
  readonly reads: SuiteFormat;
  /**
   * The file with the results, or a folder of which every new file is read; relative to `cwd`, and `$SEATRIAL_FOLDER` in it
   * is the user's own folder. Default: standard output, with nothing else on it.
   */
  readonly results?: string;
  /** Results longer than this are refused, bytes. Default 32 MiB. */
  readonly resultsLimitBytes?: number;
  /** Names its evidence. Default: the format. */
  readonly name?: string;
  /** For `--tag` and `--grep`. */
  readonly tags?: readonly string[];
}

/** How a format is read; its reader is loaded when it is needed. */
export interface Format {
  /** Of its files in a folder. */
  readonly ending: string;
  load(): Promise<Reader>;
}

const formats = {
  playwright: { ending: ".json", load: async () => (await import("./formats/playwright.ts")).readPlaywright },
  vitest: { ending: ".json", load: async () => (await import("./formats/vitest.ts")).readVitest },
  newman: { ending: ".json", load: async () => (await import("./formats/newman.ts")).readNewman },
  wdio: { ending: ".json", load: async () => (await import("./formats/wdio.ts")).readWdio },
  junit: { ending: ".xml", load: async () => (await import("./formats/junit.ts")).readJunit },
} satisfies Record<string, Format>;

/** Settings read and checked. */
export interface Settings {
  readonly place: Place;
  readonly run: string;
  readonly format: Format;
  readonly results: string | undefined;
  readonly limitBytes: number;
  readonly name: string;
}

/** @throws SEA_COMMAND_SETTING, SEA_HTTP_BASE, SEA_UNIT_DURATION */
export function readSettings(given: SuiteSettings): Settings {
  knownOnly("suite", given, ["run", "reads", "results", "resultsLimitBytes", "name", "tags"]);
  const { run, reads, results, resultsLimitBytes: limitBytes = 32 * 2 ** 20, name = reads } = given;
  if (typeof run !== "string" || run.trim() === "") throw wrongSetting("suite", "run", run, "the command that runs the suite");
  if (!Object.hasOwn(formats, reads)) throw wrongSetting("suite", "reads", reads, `one of ${Object.keys(formats).join(", ")}`);
  for (const [setting, value] of Object.entries({ results, name })) {
    if (value !== undefined && (typeof value !== "string" || value === "")) throw wrongSetting("suite", setting, value, "text that is not empty");
  }
  if (!Number.isInteger(limitBytes) || limitBytes < 1) throw wrongSetting("suite", "resultsLimitBytes", limitBytes, "a whole number from 1");
  return { place: readPlace("suite", given), run, format: formats[reads], results, limitBytes, name };
}
