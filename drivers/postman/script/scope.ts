import type { Param } from "../read/shape.ts";
import { fill } from "../send/template.ts";
import { PropertyList } from "./list.ts";

interface Variable {
  value: unknown;
  type: string | undefined;
}

/** Values that say their type are read by it, as Postman does. */
function castOut({ value, type }: Variable): unknown {
  if (type === "string") return String(value);
  if (type === "number") return Number(value);
  if (type === "boolean") return Boolean(value);
  if (type !== "array" && type !== "object") return value;
  try {
    const parsed: unknown = typeof value === "string" ? JSON.parse(value) : value;
    return typeof parsed === "object" && parsed !== null && Array.isArray(parsed) === (type === "array") ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** What stands in a text for a variable's value. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null) return "null";
  return value === undefined ? "" : String(value);
}

/** One scope of variables, as a script sees it: `pm.environment` and its like. */
export class Scope {
  readonly name: string | undefined;
  readonly #variables = new Map<string, Variable>();
  readonly #look: { text(name: string): string | undefined };

  /** @param look where `replaceIn` finds names: this scope alone, for all but `pm.variables` */
  constructor(list: readonly Param[] = [], name?: string) {
    this.name = name;
    this.#look = this;
    // Disabled ones are as if they were not there: setting one of that name makes a new one.
    for (const { key, value, type, disabled } of list) if (typeof key === "string" && disabled !== true) this.#variables.set(key, { value, type });
  }

  has(key: string): boolean {
    return this.#variables.has(key);
  }

  get(key: string): unknown {
    const variable = this.#variables.get(key);
    return variable === undefined ? undefined : castOut(variable);
  }

  set(key: string, value: unknown, type?: string): void {
    const variable = this.#variables.get(key);
    if (variable === undefined) this.#variables.set(key, { value, type: typeof type === "string" ? type : undefined });
    else {
      variable.value = value;
      if (typeof type === "string") variable.type = type;
    }
  }

  unset(key: string): void {
    this.#variables.delete(key);
  }

  clear(): void {
    this.#variables.clear();
  }

  toObject(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (const [key, variable] of this.#variables) object[key] = castOut(variable);
    return object;
  }

  get values(): PropertyList {
    return new PropertyList(Object.entries(this.toObject()).map(([key, value]) => ({ key, value })));
  }

  toJSON(): unknown {
    return { name: this.name, values: this.values.toJSON() };
  }

  replaceIn(template: unknown): unknown {
    return fill(template, this.#look);
  }

  /** The text for a name; undefined where there is none. */
  text(name: string): string | undefined {
    const variable = this.#variables.get(name);
    return variable === undefined ? undefined : textOf(castOut(variable));
  }
}

/** All scopes of one user, by Postman's precedence: local, data, environment, collection, globals, then what is made up. */
export class Scopes {
  local = new Scope();
  readonly environment: Scope;
  readonly collection: Scope;
  readonly globals: Scope;
  row: Readonly<Record<string, unknown>> = {};
  readonly #made: (name: string) => string | undefined;

  constructor(environment: Scope, collection: Scope, globals: Scope, made: (name: string) => string | undefined) {
    this.environment = environment;
    this.collection = collection;
    this.globals = globals;
    this.#made = made;
  }

  text(name: string): string | undefined {
    const local = this.local.text(name);
    if (local !== undefined) return local;
    if (Object.hasOwn(this.row, name)) {
      const value = this.row[name];
      // What is no text, number or truth stays as it is written.
      if (typeof value === "object" ? value !== null : value !== undefined) return String(value);
      return undefined;
    }
    return this.environment.text(name) ?? this.collection.text(name) ?? this.globals.text(name) ?? (name.startsWith("$") ? this.#made(name) : undefined);
  }

  /** `{{$guid}}` and its like. */
  madeUp(name: string): string | undefined {
    return this.#made(name);
  }

  get(key: string): unknown {
    if (this.local.has(key)) return this.local.get(key);
    if (Object.hasOwn(this.row, key)) return this.row[key];
    for (const scope of [this.environment, this.collection, this.globals]) if (scope.has(key)) return scope.get(key);
    return undefined;
  }

  has(key: string): boolean {
    return this.local.has(key) || Object.hasOwn(this.row, key) || this.environment.has(key) || this.collection.has(key) || this.globals.has(key);
  }

  /** `pm.variables`: reads all, writes the local one. */
  readonly variables: object = {
    get: (key: string) => this.get(key),
    has: (key: string) => this.has(key),
    set: (key: string, value: unknown, type?: string) => this.local.set(key, value, type),
    unset: (key: string) => this.local.unset(key),
    clear: () => this.local.clear(),
    toObject: () => ({ ...this.globals.toObject(), ...this.collection.toObject(), ...this.environment.toObject(), ...this.row, ...this.local.toObject() }),
    replaceIn: (template: unknown) => fill(template, this),
  };

  /** `pm.iterationData`. */
  readonly data: object = {
    get: (key: string) => this.row[key],
    has: (key: string) => Object.hasOwn(this.row, key),
    set: (key: string, value: unknown) => void (this.row = { ...this.row, [key]: value }),
    unset: (key: string) => void (this.row = Object.fromEntries(Object.entries(this.row).filter(([name]) => name !== key))),
    toObject: () => ({ ...this.row }),
    toJSON: () => ({ ...this.row }),
    replaceIn: (template: unknown) => fill(template, { text: (name) => (Object.hasOwn(this.row, name) ? String(this.row[name]) : undefined) }),
  };
}
