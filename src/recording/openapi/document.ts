import { problem } from "../../units/errors.ts";
import { otherFormat } from "../formats.ts";
import { parseJson } from "../json.ts";
import { isObject, type Loose } from "../loose.ts";

/**
 * The document of a description, whether it is written in JSON or in YAML.
 *
 * @throws SEA_IMPORT_JSON, SEA_IMPORT_YAML with line and column; SEA_IMPORT_FORMAT for another document
 */
export async function readDocument(text: string, file: string): Promise<Loose> {
  const isJson = /^[\ufeff\s]*([{[]|$)/.test(text);
  const root = isJson ? parseJson(text, file) : await parseYaml(text, file);
  if (isObject(root) && typeof root["openapi"] === "string" && /^3\./.test(root["openapi"])) return root;
  throw otherFormat(root, "an OpenAPI description", "give an OpenAPI description of version 3.0, 3.1 or 3.2", file);
}

async function parseYaml(text: string, file: string): Promise<unknown> {
  const { LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  // The pretty messages quote the text, which may hold a secret.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "silent", merge: true });
  const [fault] = document.errors;
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw problem("SEA_IMPORT_YAML", { why: fault.message }, `${file}:${line}:${col}`, fault);
  }
  try {
    // By way of JSON: what YAML can say beyond it (rings, sets, dates) is in no description.
    return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 })) ?? "null");
  } catch (cause) {
    throw problem("SEA_IMPORT_YAML", { why: "its aliases (&, *) lead back to themselves, or grow beyond bounds" }, file, cause);
  }
}
