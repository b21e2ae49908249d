import { Option, type Command } from "commander";
import { problem } from "../units/errors.ts";
import type { Format } from "./conclude.ts";
import type { Ready, ScenarioOptions } from "./scenario.ts";

export interface RunOptions extends ScenarioOptions {
  readonly out?: string;
  readonly seed?: number;
  readonly report?: readonly Format[];
  readonly harm?: string;
}

/** Adds what every verb with a scenario understands. */
export function scenarioOptions(command: Command): Command {
  return command
    .option("--on <cluster>", "where to sail: the name of one of the scenario's clusters (default: its first)")
    .option("--grep <pattern>", "only journeys whose name or @tag matches")
    .option("--tag <tag...>", "only journeys with one of these tags")
    .option("--exclude-tag <tag...>", "no journeys with one of these tags, also where --tag or --grep would choose them");
}

export function seedOption(): Option {
  return new Option("--seed <number>", "draw the same chances as another run").argParser((text) => {
    const seed = Number(text);
    if (!Number.isSafeInteger(seed) || seed < 0) throw problem("SEA_COUNT", { value: text, least: 0 }, "--seed");
    return seed;
  });
}

/** Clusters on this machine that exist to be broken; all others want a word of consent. */
const standIns = new Set(["local", "sim"]);

/** @throws SEA_NO_CONSENT for a scenario with storms on a real cluster that `--harm` does not name */
export function wantsConsent({ plan, place }: Ready, { harm }: RunOptions): void {
  const storms = plan.phases.some((phase) => phase.storm);
  if (!storms || !place || standIns.has(place.kind) || harm === place.name) return;
  throw problem("SEA_NO_CONSENT", { cluster: place.name }, "--harm");
}
