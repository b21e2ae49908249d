import { isObject, numberOf, type Loose } from "../loose.ts";

export type Follow = (value: unknown, place: string) => unknown;

const deepest = 6;
const mostParts = 2_000;
const byFormat: Readonly<Record<string, string>> = {
  date: "2026-01-31", "date-time": "2026-01-31T12:00:00Z", time: "12:00:00Z", duration: "PT1M", email: "mary@shop.example", "idn-email": "mary@shop.example", hostname: "shop.example",
  ipv4: "192.0.2.1", ipv6: "2001:db8::1", uri: "https://shop.example/", url: "https://shop.example/", "uri-reference": "/", uuid: "3fa85f64-5717-4562-b3fc-2c963f66afa6", byte: "YWhveQ==", binary: "ahoy", password: "password",
};

/** An example of what a schema describes: its own where it has one, else the smallest that fits. */
export function sampleOf(given: unknown, follow: Follow, place: string): unknown {
  return sample(given, place, 0, { follow, left: mostParts });
}

/** What one sample has at hand. */
interface Bench {
  readonly follow: Follow;
  /** Schemas that speak of themselves several times would never end. */
  left: number;
}

function sample(given: unknown, place: string, depth: number, bench: Bench): unknown {
  if (bench.left-- <= 0) return null;
  const { follow } = bench;
  const schema = follow(given, place);
  if (!isObject(schema)) return schema === true || schema === undefined ? "text" : null;
  const own = ownExample(schema);
  if (own !== undefined) return own.value;
  const all = list(schema["allOf"]);
  const choices = [...list(schema["oneOf"]), ...list(schema["anyOf"])];
  const [nothing, something] = [choices.find((any) => isNull(follow(any, place))), choices.find((any) => !isNull(follow(any, place)))];
  // What may be nothing is nothing further down, so that a list of itself ends soon.
  const one = depth > 2 && nothing !== undefined ? nothing : something;
  if (all.length > 0 || one !== undefined) {
    const { allOf: _all, oneOf: _one, anyOf: _any, ...base } = schema;
    const parts = [...all, ...(one === undefined ? [] : [one])];
    const samples = depth > deepest ? [] : [...parts, ...(Object.keys(base).some((name) => /^(type|properties|items|format)$/.test(name)) ? [base] : [])].map((part) => sample(part, place, depth + 1, bench));
    return samples.every(isObject) ? Object.assign({}, ...samples) : samples[0];
  }
  const type = list(schema["type"]).find((name) => name !== "null") ?? schema["type"] ?? (schema["properties"] ? "object" : schema["items"] ? "array" : "string");
  switch (type) {
    case "object": return objectSample(schema, place, depth, bench);
    case "array": return depth > deepest || schema["maxItems"] === 0 ? [] : Array.from({ length: Math.min(3, Math.max(1, numberOf(schema["minItems"]) ?? 1)) }, () => sample(schema["items"], place, depth + 1, bench));
    case "integer": case "number": return numberSample(schema);
    case "boolean": return true;
    case "null": return null;
    default: return textSample(schema);
  }
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isNull = (schema: unknown) => isObject(schema) && schema["type"] === "null";

/** The example that a schema, a parameter or a media type names; `undefined` for none. */
export function ownExample(from: Loose): { readonly value: unknown } | undefined {
  for (const name of ["example", "const", "default"]) if (from[name] !== undefined) return { value: from[name] };
  const { examples, enum: choices } = from;
  if (Array.isArray(examples) && examples.length > 0) return { value: examples[0] };
  return Array.isArray(choices) && choices.length > 0 ? { value: choices[0] } : undefined;
}

function objectSample(schema: Loose, place: string, depth: number, bench: Bench): Loose {
  const properties = isObject(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const required = new Set(list(schema["required"]));
  const wanted = properties.flatMap(([name, value]): [string, unknown][] => {
    const own = bench.follow(value, `${place}.${name}`);
    if (isObject(own) && (own["readOnly"] === true || own["deprecated"] === true)) return [];
    const isNeeded = required.has(name) || (depth < 2 && (required.size === 0 || (isObject(own) && own["example"] !== undefined)));
    return isNeeded && depth <= deepest ? [[name, sample(own, `${place}.${name}`, depth + 1, bench)]] : [];
  });
  return Object.fromEntries(wanted);
}

function numberSample(schema: Loose): number {
  const step = numberOf(schema["multipleOf"]) ?? 1;
  const [minimum, above] = [numberOf(schema["minimum"]), schema["exclusiveMinimum"]];
  // Version 3.0 says `exclusiveMinimum: true` beside the minimum, later ones say the number itself.
  const least = typeof above === "number" ? above + step : minimum === undefined ? 1 : above === true ? minimum + step : minimum;
  const most = numberOf(schema["maximum"]);
  const fitting = Math.ceil(least / step) * step;
  return most !== undefined && fitting > most ? most : fitting;
}

function textSample(schema: Loose): string {
  const format = schema["format"];
  const text = typeof format === "string" && Object.hasOwn(byFormat, format) ? byFormat[format]! : "text";
  const least = Math.min(1_000, numberOf(schema["minLength"]) ?? 0);
  const most = numberOf(schema["maxLength"]);
  return text.padEnd(least, "x").slice(0, most !== undefined && most >= 0 ? most : undefined);
}
