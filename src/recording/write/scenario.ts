import { call, comment, lines, object, objectOf, quote, type Code, type Statement } from "./code.ts";
import type { Desk } from "./bodies.ts";
import { headerOf, ownHeaders } from "./headers.ts";
import { variedPlaces } from "./ids.ts";
import { liftSecrets } from "./lift.ts";
import { Links } from "./links.ts";
import { camel, Names } from "./names.ts";
import { modest } from "./modest.ts";
import type { Pair, Recording } from "../recording.ts";
import { headerFields } from "./request.ts";
import { isSecretName } from "../../mask/names.ts";
import { Vault } from "./secrets.ts";
import { select, type AssetChoice } from "./select.ts";
import { pathOf, targetsOf, type Target } from "./targets.ts";
import { writeWalk, type Walk } from "./walk.ts";
import { Wording } from "./wording.ts";
import { problem } from "../../units/errors.ts";

export interface WriteOptions {
  /** What the scenario is called. */
  readonly name: string;
  /** What it was made of, for the comment at its top. */
  readonly from: string;
  readonly assets: AssetChoice;
}

export interface Written {
  readonly text: string;
  /** Names of the variables that a run needs in its environment. */
  readonly variables: readonly string[];
  /** What is in it: `12 requests`. */
  readonly size: string;
  /** What was left out, a line each. */
  readonly notes: readonly string[];
}

interface Journey {
  readonly name: string;
  readonly walk: Walk;
}

/**
 * A recording as the text of a scenario: no secret of it in there, and nothing in it that was not printed by us.
 *
 * @throws SEA_IMPORT_EMPTY when nothing is left of it
 */
export function writeScenario(recording: Recording, { name, from, assets }: WriteOptions): Written {
  const { flows, notes } = select(recording, assets);
  const full = flows.filter(({ asks }) => asks.length > 0);
  const asks = full.flatMap((flow) => flow.asks);
  if (asks.length === 0) throw problem("SEA_IMPORT_EMPTY", { notes: notes.join("; ") || "the input has none" });

  const names = new Names();
  const { targets, targetOf } = targetsOf(asks, asks.flatMap((ask) => ask.assets), recording.bases, names);
  const journeyNames = full.map((flow) => {
    const wanted = camel(flow.name, "walk");
    // `shop.har` of shop.example: the driver keeps the short name, for it stands in every line.
    return names.take(names.isFree(wanted) ? wanted : `${wanted}Walk`);
  });

  const vault = new Vault(recording.variables);
  const linked = full.map((flow) => new Links(flow.asks, names));
  for (const ask of asks) for (const one of [ask, ...ask.assets]) liftSecrets(one, targetOf(one).name, vault);

  const needs = new Set<string>();
  const plain: Desk = { wording: new Wording(vault.swaps), vault, needs };
  const common = new Map(targets.map((target) => [target, commonHeaders(target)] as const));
  const varied = variedPlaces(asks.map((ask) => pathOf(ask.url, targetOf(ask).base)));
  const journeys = full.map((flow, index): Journey => {
    const links = linked[index]!;
    const walk: Walk = {
      asks: flow.asks, links, targetOf, varied,
      desk: { wording: new Wording([...links.swaps, ...vault.swaps]), vault, needs },
      common: new Map([...common].map(([target, own]) => [target, new Set(own.map(([header]) => header))])),
    };
    return { name: journeyNames[index]!, walk };
  });

  const drivers = targets.map((target): Code => ["const ", target.name, " = ", driver(target, common.get(target)!, plain), ";"]);
  const blotted = (text: string, most?: number) => comment(plain.wording.blotted(text), most);
  const trial = recording.trial ?? modest(full.map((flow) => flow.asks));
  // Where the input says how much load there is, it does not say of what.
  const size = recording.trial ? many(full.length, "journey") : many(asks.length, "request");
  const body = [...drivers, ...journeys.flatMap((one): Statement[] => ["", writeJourney(one)])];
  const head = [`${blotted(name, 80)}: made of ${blotted(from, 80)}; ${size}.`];
  if (notes.length > 0) head.push("", "Left out:", ...notes.map((note) => `- ${blotted(note, 400)}`));
  if (vault.variables.length > 0) head.push("", "A run needs in its environment:", ...vault.variables.map((variable) => `- ${variable}`));
  const text = lines([
    "/**", ...head.map((line) => (line === "" ? " *" : ` * ${line}`)), " */",
    `import { ${[...trial.words, "journey", "scenario"].sort().join(", ")} } from "seatrial";`,
    `import { ${["http", ...[...needs].filter((word) => word !== "readFile")].sort().join(", ")} } from "seatrial/http";`,
    ...(needs.has("readFile") ? ['import { readFile } from "node:fs/promises";'] : []),
    "",
    ...body,
    "",
    { head: "export default scenario({", tail: "});", body: [
      `name: ${quote(blotted(name, 80) || "recording")},`,
      ["journeys: ", object(journeyNames), ","],
      ...trial.remarks.phases.map((line) => `// ${comment(line)}`),
      ["phases: ", trial.phases(journeyNames), ","],
      ...trial.remarks.budget.map((line) => `// ${comment(line)}`),
      ["budget: ", trial.budget(journeyNames), ","],
    ] },
  ]);
  return { text, variables: vault.variables, size, notes };
}

const many = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

function writeJourney({ name, walk }: Journey): Statement {
  const { asks, targetOf } = walk;
  const drivers = object([...new Set(asks.flatMap((ask) => [ask, ...ask.assets]).map((ask) => targetOf(ask).name))]);
  const { body, hasUser } = writeWalk(walk);
  return { head: [`export const ${name} = journey(`, drivers, ", async (", drivers, `${hasUser ? ", user" : ""}) => {`], body, tail: "});" };
}

/** Headers that every request to a target has alike: a secret one at once, any other when there are several requests. */
function commonHeaders({ asks }: Target): readonly Pair[] {
  const [first, ...others] = asks;
  return first === undefined ? [] : ownHeaders(first.headers).filter(([name, value]) =>
    (others.length > 0 || isSecretName(name)) && others.every(({ headers }) => headerOf(headers, name) === value));
}

function driver({ base, asks }: Target, common: readonly Pair[], desk: Desk): Code {
  const { headers, auth } = headerFields(common, desk);
  return call("http", [objectOf({
    base: quote(base), headers,
    auth: auth === undefined ? undefined : `() => ${auth}`,
    tls: asks.some(({ insecure }) => insecure) ? "{ insecure: true }" : undefined,
  })]);
}
