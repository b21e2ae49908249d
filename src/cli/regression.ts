import { Option, type Command } from "commander";
import type { Regression } from "../model/regression.ts";
import { problem } from "../units/errors.ts";

/** A walk that fails so often will not pass. */
const mostRetries = 20;
const mostRepeats = 10_000;
const mostBail = 1_000;
const mostShards = 1_000;

/** What the command line says of a regression run. */
export interface RegressionOptions {
  readonly retries?: number;
  readonly failOnFlaky?: boolean;
  readonly repeat?: number;
  readonly bail?: number | true;
  readonly shard?: Regression["shard"];
}

const count = (flag: string, most: number, least = 0) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) throw problem("SEA_COUNT_RANGE", { value: text, least, most }, flag);
  return value;
};

function shard(text: string): Regression["shard"] {
  const [, number, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (!number || !of || number > of || of > mostShards) throw problem("SEA_SHARD", { value: text }, "--shard");
  return { index: number - 1, of };
}

/** Adds what is asked of runs whose journeys are walked a counted number of times; named as Playwright names them. */
export function regressionOptions(command: Command): Command {
  return command
    .addOption(new Option("--retries <number>", "walk a counted walk that failed again, up to so often, each time with a fresh user; one that then passes is flaky").argParser(count("--retries", mostRetries)))
    .option("--fail-on-flaky", "a flaky walk fails the run")
    .addOption(new Option("--repeat <number>", "walk every counted walk so often").argParser(count("--repeat", mostRepeats, 1)))
    .addOption(new Option("--bail [number]", "end the run after so many failed walks (default: 1)").argParser(count("--bail", mostBail, 1)))
    .addOption(new Option("--shard <number/of>", "walk one of several equal parts, such as 2/5; seatrial judge takes the ledgers of all").argParser(shard));
}

/** Undefined where nothing was asked for. */
export function regressionOf({ retries, failOnFlaky, repeat, bail, shard }: RegressionOptions): Regression | undefined {
  const asked: Regression = { ...(retries && { retries }), ...(failOnFlaky && { failOnFlaky }), ...(repeat && { repeat }), ...(bail && { bail: bail === true ? 1 : bail }), ...(shard && { shard }) };
  return Object.keys(asked).length > 0 ? asked : undefined;
}
