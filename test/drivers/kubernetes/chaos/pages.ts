import type { Field, Model, NamedKind, Type } from "./named.ts";

const key = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));
const byKind = (model: Model) => [...model.kinds].sort((a, b) => (a.kind < b.kind ? -1 : 1));

function typeText(type: Type): string {
  switch (type.is) {
    case "record":
      return type.name;
    case "list": {
      const of = typeText(type.of);
      return `readonly ${of.includes(" | ") || of.startsWith("readonly") ? `(${of})` : of}[]`;
    }
    case "map":
      return `Readonly<Record<string, ${typeText(type.of)}>>`;
    case "string":
      return type.among?.map((one) => JSON.stringify(one)).join(" | ") ?? "string";
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "any":
      return "unknown";
  }
}

const field = ({ name, needed, type }: Field) => `  readonly ${key(name)}${needed ? "" : "?"}: ${typeText(type)};`;

/** The interfaces, and one that finds each kind by its name. */
export function typesPage(model: Model): string {
  const records = [...model.records].sort(([a], [b]) => (a < b ? -1 : 1));
  const kinds = byKind(model).map(({ kind, spec, status }) => `  readonly ${kind}: { readonly spec: ${spec}; readonly status${status === undefined ? "?: undefined" : `?: ${status}`} };`);
  return `
${records.map(([name, fields]) => `interface ${name} {\n${fields.map(field).join("\n")}\n}`).join("\n\n")}

/** Spec and status of every kind of chaos-mesh.org/v1alpha1. */
export interface Kinds {
${kinds.join("\n")}
}
`;
}

function shapeText(type: Type): string {
  switch (type.is) {
    case "record":
      return `@${type.name}`;
    case "list":
      return `[]${shapeText(type.of)}`;
    case "map":
      return `{}${shapeText(type.of)}`;
    case "string":
      return type.among ? type.among.map((one) => `'${one}'`).join("|") : type.pattern === undefined ? "string" : `/${type.pattern}/`;
    case "number": {
      const range = type.least === undefined && type.most === undefined ? "" : ` ${type.least ?? ""}..${type.most ?? ""}`;
      return `${type.whole ? "integer" : "number"}${range}`;
    }
    case "boolean":
      return "boolean";
    case "any":
      return "any";
  }
}

/** Everything that a spec is made of; what only a status holds is left out. */
function reached(model: Model): ReadonlySet<string> {
  const found = new Set<string>(model.kinds.map(({ spec }) => spec));
  const visit = (type: Type): void => {
    if (type.is === "record") found.add(type.name);
    if (type.is === "list" || type.is === "map") visit(type.of);
  };
  for (const name of found) for (const { type } of model.records.get(name)!) visit(type);
  return found;
}

const place = ({ kind, plural, namespaced, spec }: NamedKind) => `  ${kind}: { plural: "${plural}", namespaced: ${namespaced}, spec: "${spec}" },`;

/** The same as data, for what is checked when no compiler looked. */
export function shapesPage(model: Model): string {
  const used = reached(model);
  const records = [...model.records].filter(([name]) => used.has(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  const shape = ([name, fields]: readonly [string, readonly Field[]]) =>
    `  ${name}: {\n${fields.map((one) => `    ${key(one.needed ? one.name : `${one.name}?`)}: ${JSON.stringify(shapeText(one.type))},`).join("\n")}\n  },`;
  return `
/** Where the API server keeps each kind, and the shape of its spec. */
export const places = {
${byKind(model).map(place).join("\n")}
} as const;

/**
 * Field by field what a spec may hold. A \`?\` ends the name of one that may be left out; \`@Name\` is
 * another shape, \`[]\` a list, \`{}\` a map, \`'a'|'b'\` one of these words, \`/…/\` a text that fits,
 * \`integer 0..100\` a number in these bounds.
 */
export const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${records.map(shape).join("\n")}
};
`;
}
