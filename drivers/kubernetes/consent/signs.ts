import type { Meta } from "../api/api.ts";

const alarming: ReadonlySet<string> = new Set(["prod", "prd", "production", "live"]);
/** Before one of those, they say the contrary. */
const denying: ReadonlySet<string> = new Set(["non", "not", "no", "pre"]);

/** The words of a name: `shop-prod-eu1`, `shopProd` and `arn:aws:eks:eu-west-1:1:cluster/prod` fall apart where a person reads them apart. */
const wordsOf = (name: string): readonly string[] =>
  name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().split(/[^a-z0-9]+/).map((word) => word.replace(/\d+$/, "")).filter(Boolean);

/** Does a name say that real users depend on what has it? */
export function looksLive(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word, at) => alarming.has(word) && !denying.has(words[at - 1] ?? ""));
}

/** The label of an object that says so, as `env=prod`: by its value, or by its own name where its value does not deny it. */
function liveLabel(labels: Readonly<Record<string, string>> = {}): string | undefined {
  const found = Object.entries(labels).find(([key, value]) => looksLive(value) || (looksLive(key.split("/").at(-1)!) && /^(true|yes|1|)$/i.test(value)));
  return found && found.join("=");
}

/** What in the names says so. */
export function signsInNames(names: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return Object.entries(names).flatMap(([what, given]) => [...new Set(given)].filter(looksLive).map((name) => `${what} ${name}`));
}

/** What in the labels of namespaces or nodes says so; of many nodes of one kind the first is named. */
export function signsInLabels(what: string, things: readonly { readonly metadata: Meta }[]): readonly string[] {
  const seen = new Set<string>();
  return things.flatMap(({ metadata: { name, labels } }) => {
    const label = liveLabel(labels);
    if (label === undefined || seen.has(label)) return [];
    seen.add(label);
    return [`${what} ${name} has the label ${label}`];
  });
}
