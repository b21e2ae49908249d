import { withoutFields, withoutPairs, withoutParts } from "./fields.ts";
import { withoutMarkup } from "./markup.ts";
import { hasName, isSecretName, plainName } from "./names.ts";
import { withoutShapes } from "./shapes.ts";
import { isTelling, waysToWrite, withoutValues } from "./values.ts";

/** What is secret beside what shows by itself. */
export interface Secrets {
  /** Names of fields, headers, parameters, cookies and elements, in any convention: `"cardNumber"` is also `card_number`. */
  readonly names?: readonly string[];
  /** Texts that may be written down nowhere, of 4 letters or more; undefined ones are left out. */
  readonly values?: readonly (string | undefined)[];
  /** Names that look secret, and are none. */
  readonly shown?: readonly string[];
}

/** The part of a failure that holds text from outside. */
interface Told {
  readonly cause: string;
  readonly request?: string;
  readonly body?: string;
  readonly error?: string;
}

/** Values of one mask; the oldest give way. */
const mostValues = 100;
const mostNames = 2_000;
/** In every secret by its name or shape there is one of these, and in most texts there is none. */
const telling = /tok|sec|pass|pwd|key|auth|sess|sid|sig|hmac|cred|jwt|bear|basic|cook|srf|otp|pin|cv[vc]|assert|private|eyJ|gh[pousr]_|hub_pat_|glpat-|[sr]k_|xox|AKIA|ASIA|AIza|ya29|npm_|SG\.|dop_v1|:\/\/[^\s/:]{0,100}:|%[0-9a-f]{2}/i;

/**
 * Keeps secrets out of whatever is written down. A run has one, made of what the scenario names; each user has
 * one of their own beneath it (`under`), for the secrets that only they have.
 *
 * @example new Mask({ names: ["cardNumber"] }).text('{"card_number":"4111"}') // {"card_number":"***"}
 */
export class Mask {
  /** Does a field of such a name hold a secret? */
  readonly isSecret: (name: string) => boolean;
  readonly #above: Mask | undefined;
  readonly #names: ReadonlySet<string>;
  readonly #shown: ReadonlySet<string>;
  readonly #known: Map<string, boolean>;
  /** Every value in all the ways that it is written. */
  #ways: Map<string, readonly string[]> | undefined;

  constructor({ names = [], values = [], shown = [] }: Secrets = {}, above?: Mask) {
    this.#above = above;
    this.#names = above ? above.#names : new Set(names.map(plainName));
    this.#shown = above ? above.#shown : new Set(shown.map(plainName));
    this.#known = above ? above.#known : new Map();
    this.isSecret = above ? above.isSecret : (name) => this.#decide(name);
    for (const value of values) if (value !== undefined) this.keep(value);
  }

  /** A mask that knows all that this one does, and more of its own. */
  under(): Mask {
    return new Mask({}, this);
  }

  /** Keeps a text out of everything from now on. Shorter ones than 4 letters can't be. */
  keep(value: string): void {
    if (!isTelling(value)) return;
    const ways = (this.#ways ??= new Map<string, readonly string[]>());
    // What is used again is the latest again.
    ways.delete(value);
    ways.set(value, waysToWrite(value));
    if (ways.size > mostValues) ways.delete(ways.keys().next().value!);
  }

  #decide(name: string): boolean {
    let isOne = this.#known.get(name);
    if (isOne === undefined) {
      isOne = hasName(this.#names, name) || (isSecretName(name) && !this.#shown.has(plainName(name)));
      if (this.#known.size === mostNames) this.#known.clear();
      this.#known.set(name, isOne);
    }
    return isOne;
  }

  /**
   * A text as it may be written down.
   *
   * @param own further values that are secret in this one
   */
  text(text: string, own: Iterable<string> = []): string {
    return this.#clean(text, this.#waysWith(own));
  }

  #waysWith(own: Iterable<string>): readonly string[] {
    return [...this.#allWays(), ...[...own].filter(isTelling).flatMap(waysToWrite)];
  }

  #clean(text: string, ways: readonly string[]): string {
    const clean = ways.length === 0 ? text : withoutValues(text, ways);
    if (this.#names.size === 0 && !telling.test(clean)) return clean;
    const { isSecret } = this;
    return withoutFields(withoutMarkup(withoutParts(withoutPairs(withoutShapes(clean), isSecret), isSecret), isSecret), isSecret);
  }

  /** A failure as it may be written down. */
  failure<F extends Told>(failure: F, own: Iterable<string> = []): F {
    const { cause, request, body, error } = failure;
    const ways = this.#waysWith(own);
    const clean = (text: string) => this.#clean(text, ways);
    return {
      ...failure, cause: clean(cause),
      ...(request !== undefined && { request: clean(request) }), ...(body !== undefined && { body: clean(body) }), ...(error !== undefined && { error: clean(error) }),
    };
  }

  *#allWays(): Generator<string> {
    for (const ways of this.#ways?.values() ?? []) yield* ways;
    if (this.#above) yield* this.#above.#allWays();
  }
}
