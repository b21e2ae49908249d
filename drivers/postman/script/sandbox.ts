import { types } from "node:util";
import { constants, createContext, Script } from "node:vm";
import type { Random } from "../../../src/units/random.ts";
import type { Realm } from "./response.ts";
import { moduleFor } from "./modules.ts";
import type { Compiled } from "./source.ts";

/**
 * What is made outside of the context has other classes behind it. A script that asks
 * `error instanceof Error` must not learn of that.
 */
const bridge = new Script(`((is) => {
  const ordinary = Function.prototype[Symbol.hasInstance];
  const meet = (of, test) => Object.defineProperty(of, Symbol.hasInstance, { value(value) { return this === of ? test(value) : ordinary.call(this, value); } });
  meet(Error, is.error); meet(Array, Array.isArray); meet(Date, is.date); meet(RegExp, is.pattern); meet(Promise, is.promise);
  meet(Object, (value) => (typeof value === "object" && value !== null) || typeof value === "function");
  meet(Function, (value) => typeof value === "function");
  // Older scripts ask a text what it holds.
  Object.defineProperty(String.prototype, "has", { value(part) { return this.includes(part); }, writable: true, configurable: true });
  return JSON.parse;
})`);
const tests = { error: (value: unknown) => value instanceof Error || types.isNativeError(value), date: types.isDate, pattern: types.isRegExp, promise: types.isPromise };

type Globals = Record<string, unknown>;

/**
 * The context of one user's scripts. What a script leaves behind as a global is there for this
 * user's later ones, as in Postman, and for nobody else's. It is no security boundary.
 */
export class Sandbox implements Realm {
  readonly parse: (text: string, reviver?: unknown) => unknown;
  readonly #globals: Globals;
  /** How many globals there are when no script left any. */
  #clean = 0;
  readonly #made = new Map<Script, () => unknown>();

  constructor(random: Random) {
    // Without the interceptors of a contextified object: reading a global then costs nothing.
    this.#globals = createContext(constants.DONT_CONTEXTIFY as unknown as object) as Globals;
    this.parse = (bridge.runInContext(this.#globals) as (is: typeof tests) => Sandbox["parse"])(tests);
    (this.#globals["Math"] as { random: () => number }).random = () => random.next();
    this.define({ Buffer, atob, btoa, require: (name: unknown) => moduleFor(String(name)) });
  }

  /** Globals that a script may read, and change for itself. */
  define(globals: Globals): void {
    for (const [name, value] of Object.entries(globals)) Object.defineProperty(this.#globals, name, { value, writable: true, configurable: true, enumerable: false });
  }

  /** Globals that are worked out when a script looks. */
  defineGetters(getters: Readonly<Record<string, { get(): unknown; set(value: unknown): void }>>): void {
    for (const [name, { get, set }] of Object.entries(getters)) Object.defineProperty(this.#globals, name, { get, set, configurable: true, enumerable: false });
  }

  /** True once `pm` and the rest are in it. */
  get isFurnished(): boolean {
    return this.#clean > 0;
  }

  /** A script left a global behind. */
  get isSoiled(): boolean {
    return this.#clean > 0 && Object.getOwnPropertyNames(this.#globals).length !== this.#clean;
  }

  /** From here on every new global is a script's. */
  seal(): void {
    this.#clean = Object.getOwnPropertyNames(this.#globals).length;
  }

  run({ script }: Compiled): unknown {
    let made = this.#made.get(script);
    if (!made) this.#made.set(script, (made = script.runInContext(this.#globals) as () => unknown));
    return made.call(this.#globals);
  }
}
