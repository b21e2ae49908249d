import { availableParallelism } from "node:os";
import { Option, type Command } from "commander";
import type { Consent } from "../model/consent.ts";
import { problem } from "../units/errors.ts";
import type { Format } from "./conclude.ts";
import { readAddress, type Address } from "./ui/address.ts";
import type { Ready, ScenarioOptions } from "./scenario.ts";

/** More threads than this are a slip of the finger. */
const mostWorkers = 256;

export interface RunOptions extends ScenarioOptions {
  readonly workers?: number;
  readonly out?: string;
  readonly seed?: number;
  readonly report?: readonly Format[];
  readonly harm?: string;
  readonly even?: "production";
  readonly beside?: readonly string[];
  readonly ui?: Address;
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

export function workersOption(): Option {
  return new Option("--workers <number>", "make the load in so many threads, each with its share of every pace; auto: one for each core but one").default(1).argParser((text) => {
    const count = text === "auto" ? Math.max(1, availableParallelism() - 1) : Number(text);
    if (!/^(auto|\d+)$/.test(text) || count < 1 || count > mostWorkers) throw problem("SEA_WORKERS", { value: text, most: mostWorkers }, "--workers");
    return count;
  });
}

export function uiOption(): Option {
  return new Option("--ui [address]", "show the run on a live page, on 127.0.0.1 and a free port unless HOST:PORT says otherwise").preset("127.0.0.1").argParser(readAddress);
}

/** Adds the words by which a person consents to harm. */
export function consentOptions(command: Command): Command {
  return command
    .option("--harm <cluster>", "consent to harm on this cluster, by its name; needed wherever it does not exist to be broken")
    .addOption(new Option("--even <word>", "consent to harm also where it looks like production").choices(["production"]))
    .option("--beside <run>", "harm although this other run has not healed yet (may be given more than once)", (run: string, others: readonly string[] = []) => [...others, run]);
}

/** What the command line allows. */
export const consentOf = ({ harm, even, beside }: RunOptions): Consent => ({ harm, even, beside });

/**
 * What speaks against a run before anything is opened. A cluster says what else does once it is open.
 *
 * @throws SEA_NO_CONSENT for a scenario with storms on a cluster that `--harm` does not name; SEA_PRODUCTION for one that looks like production
 */
export function wantsConsent({ plan, place }: Pick<Ready, "plan" | "place">, { harm, even }: RunOptions): void {
  if (!plan.phases.some((phase) => phase.storm) || !place || place.harms === "freely") return;
  if (harm !== place.name) throw problem("SEA_NO_CONSENT", { cluster: place.name }, "--harm");
  if (place.signs?.length && even !== "production") throw problem("SEA_PRODUCTION", { cluster: place.name, signs: place.signs.join("; ") }, "--even");
}
