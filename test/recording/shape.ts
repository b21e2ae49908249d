import { parseAst } from "vitest/node";
import { readCurl } from "../../src/recording/curl/curl.ts";
import { readHar } from "../../src/recording/har/har.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { writeScenario, type Written } from "../../src/recording/write/scenario.ts";
import type { AssetChoice } from "../../src/recording/write/select.ts";

export const write = (recording: Recording, assets: AssetChoice = "drop", name = "checkout"): Written => writeScenario(recording, { name, from: `${name}.har`, assets });
export const fromHar = (text: string, assets?: AssetChoice): string => write(readHar(text, "checkout", "checkout.har"), assets).text;
export const fromCurl = (text: string): string => write(readCurl(text, "checkout", "checkout.sh")).text;

/** The lines of the journeys, without indentation. */
export function walkOf(text: string): string[] {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => line.startsWith("export const "));
  const to = lines.findIndex((line) => line.startsWith("export default "));
  return lines.slice(from, to).map((line) => line.trim()).filter((line) => line !== "");
}

/** The kinds of the statements of a module: nothing that came from a recording may add one. */
export function statementsOf(text: string): string[] {
  const { body } = parseAst(text, { lang: "ts" }) as unknown as { readonly body: readonly { readonly type: string }[] };
  return body.map(({ type }) => type);
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Every name that a module calls or reads, and every import: what it could do. */
export function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== "object" || value === null) return;
    const node = value as Node;
    if (node.type === "CallExpression") {
      const { callee } = node as unknown as { readonly callee: Node };
      words.add(callee.type === "Identifier" ? String(callee["name"]) : `.${String((callee["property"] as Node | undefined)?.["name"])}`);
    }
    Object.values(node).forEach(visit);
  };
  visit(parseAst(text, { lang: "ts" }));
  return words;
}
