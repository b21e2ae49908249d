/** Fields of a spec that may be wrong in any way its shape allows. */
export type Fields = Readonly<Record<string, unknown>>;

/** A rule broken: where below the spec, what is wrong, what to do. */
export interface Flaw {
  readonly field: string;
  readonly what: string;
  readonly mend: string;
}

export type Flaws = Iterable<Flaw>;

export const flaw = (field: string, what: string, mend: string): Flaw => ({ field, what, mend });

/** True for a field that says something: not left out, empty or zero, as Go's zero values are. */
export const said = (value: unknown): boolean => value !== undefined && value !== null && value !== "" && value !== 0 && !(Array.isArray(value) && value.length === 0);

export const inside = (spec: Fields, field: string): Fields => (typeof spec[field] === "object" && spec[field] !== null ? (spec[field] as Fields) : {});

/** The same flaws, further down. */
export function* under(field: string, flaws: Flaws): Flaws {
  for (const one of flaws) yield { ...one, field: `${field}.${one.field}` };
}

/** Fields that have to say something. */
export function* needed(spec: Fields, why: string, ...fields: readonly string[]): Flaws {
  for (const field of fields) if (!said(spec[field])) yield flaw(field, `${why} needs ${field}`, `give it: ${field}`);
}

/** Fields that say something to nobody. */
export function* idle(spec: Fields, why: string, ...fields: readonly string[]): Flaws {
  for (const field of fields) if (spec[field] !== undefined) yield flaw(field, `${why} does nothing with ${field}`, "leave it out");
}
