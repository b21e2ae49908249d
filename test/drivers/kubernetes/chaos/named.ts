/** What is used of OpenAPI in a custom resource definition. */
export interface Schema {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly schema: Schema;
}

/** A type by reference, or as it stands. */
export type Type =
  | { readonly is: "record"; readonly name: string }
  | { readonly is: "list"; readonly of: Type }
  | { readonly is: "map"; readonly of: Type }
  | { readonly is: "string"; readonly among?: readonly string[]; readonly pattern?: string }
  | { readonly is: "number"; readonly whole: boolean; readonly least?: number; readonly most?: number }
  | { readonly is: "boolean" }
  | { readonly is: "any" };

export interface Field {
  readonly name: string;
  readonly needed: boolean;
  readonly type: Type;
}

export interface NamedKind extends Omit<Kind, "schema"> {
  readonly spec: string;
  readonly status: string | undefined;
}

export interface Model {
  readonly kinds: readonly NamedKind[];
  readonly records: ReadonlyMap<string, readonly Field[]>;
}

const pascal = (text: string) => text.replace(/(^|[-_])(\w)/g, (_, __, letter: string) => letter.toUpperCase());

/** What many kinds share goes by its own name alone. */
const shared = new Set(["selector", "conditions", "experiment", "containerRecords", "events", "expressionSelectors", "status"]);
const singular: Readonly<Record<string, string>> = { status: "ChaosStatus", conditions: "Condition", containerRecords: "TargetRecord", events: "RecordEvent", expressionSelectors: "Requirement" };

/** Wrappers come last, so that what they hold is called after its own kind. */
const rank = (kind: string) => ["Workflow", "Schedule", "WorkflowNode"].indexOf(kind);

/** A workflow's task holds whole containers and volumes of pods: Kubernetes' own, and its API server's to check. */
const foreign = new Set(["container", "volumes"]);

/**
 * Gives every object of the schemas a name. Objects of the same shape are one, whatever kind they
 * are found in: a Schedule repeats every kind, and a Workflow every kind and the Schedule.
 */
export function named(kinds: readonly Kind[]): Model {
  const records = new Map<string, readonly Field[]>();
  const byShape = new Map<string, string>();

  const nameFor = (kind: string, path: readonly string[]): string => {
    const last = path.at(-1)!;
    const own = shared.has(last) ? [singular[last] ?? pascal(last)] : [];
    const candidates = [...own, kind + pascal(last), ...path.map((_, index) => kind + path.slice(path.length - 1 - index).map(pascal).join(""))];
    return candidates.find((name) => !records.has(name)) ?? `${candidates.at(-1)!}${records.size}`;
  };

  const typeOf = (schema: Schema, kind: string, path: readonly string[]): Type => {
    if (path.includes("task") && foreign.has(path.at(-1)!)) return { is: "any" };
    if (schema.properties) {
      const fields = Object.entries(schema.properties)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, inner]) => ({ name, needed: schema.required?.includes(name) ?? false, type: typeOf(inner, kind, [...path, name]) }));
      const shape = JSON.stringify(fields);
      const known = byShape.get(shape);
      if (known !== undefined) return { is: "record", name: known };
      const name = nameFor(kind, path);
      records.set(name, fields);
      byShape.set(shape, name);
      return { is: "record", name };
    }
    switch (schema.type) {
      case "array":
        return { is: "list", of: typeOf(schema.items ?? {}, kind, path) };
      case "object":
        return typeof schema.additionalProperties === "object" ? { is: "map", of: typeOf(schema.additionalProperties, kind, path) } : { is: "any" };
      case "string":
        return { is: "string", ...(schema.enum && { among: schema.enum }), ...(schema.pattern !== undefined && { pattern: schema.pattern }) };
      case "integer":
      case "number":
        return { is: "number", whole: schema.type === "integer", ...(schema.minimum !== undefined && { least: schema.minimum }), ...(schema.maximum !== undefined && { most: schema.maximum }) };
      case "boolean":
        return { is: "boolean" };
      default:
        return { is: "any" };
    }
  };

  const part = (kind: Kind, name: string): string | undefined => {
    const schema = kind.schema.properties?.[name];
    const type = schema && typeOf(schema, kind.kind, [name]);
    return type?.is === "record" ? type.name : undefined;
  };
  const sorted = [...kinds].sort((a, b) => rank(a.kind) - rank(b.kind) || (a.kind < b.kind ? -1 : 1));
  const namedKinds = sorted.map((kind) => ({ kind: kind.kind, plural: kind.plural, namespaced: kind.namespaced, spec: part(kind, "spec")!, status: part(kind, "status") }));
  return { kinds: namedKinds, records };
}
