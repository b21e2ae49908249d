import { Option, type Command } from "commander";
import type { Regression } from "../model/regression.ts";
import { problem } from "../units/errors.ts";

/** A walk that fails so often will not pass. */
const mostRetries = 20;

/** What the command line says of a regression run. */
export interface RegressionOptions {
  readonly retries?: number;
  readonly failOnFlaky?: boolean;
}

const count = (flag: string, most: number, least = 0) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) throw problem("SEA_COUNT_RANGE", { value: text, least, most }, flag);
  return value;
};

/** Adds what is asked of runs whose journeys are walked a counted number of times; named as Playwright names them. */
export function regressionOptions(command: Command): Command {
  return command
    .addOption(new Option("--retries <number>", "walk a counted walk that failed again, up to so often, each time with a fresh user; one that then passes is flaky").argParser(count("--retries", mostRetries)))
    .option("--fail-on-flaky", "a flaky walk fails the run");
}

/** Undefined where nothing was asked for. */
export function regressionOf({ retries, failOnFlaky }: RegressionOptions): Regression | undefined {
  const asked: Regression = { ...(retries && { retries }), ...(failOnFlaky && { failOnFlaky }) };
  return Object.keys(asked).length > 0 ? asked : undefined;
}
