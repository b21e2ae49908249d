/** How a fault chooses its pods, and the texts that Chaos Mesh reads as times and shares. */
import type { Kinds } from "../kinds.ts";

type AnySelector = Kinds["PodChaos"]["spec"]["selector"];

/** A time as Go reads it, of one unit: there are no days. */
export type GoTime = `${number}${"ns" | "us" | "ms" | "s" | "m" | "h"}`;

/** A percentage from 0 to 100 without its sign: `"25"`. */
export type Share = `${number}`;

/** At least one of them. */
export type Some<T> = readonly [T, ...T[]];

/** At least one of these fields. */
export type SomeOf<T> = { [K in keyof T]: Readonly<Pick<T, K>> & Readonly<Partial<Omit<T, K>>> }[keyof T];

/** Which pods. `pods` (names by namespace) outdoes all others; the rest must all hold. */
export interface Selector extends Omit<AnySelector, "podPhaseSelectors" | "expressionSelectors"> {
  readonly expressionSelectors?: readonly (
    | { readonly key: string; readonly operator: "In" | "NotIn"; readonly values: Some<string> }
    | { readonly key: string; readonly operator: "Exists" | "DoesNotExist" }
  )[];
  /** With a `!`: not in that phase. */
  readonly podPhaseSelectors?: readonly `${"" | "!"}${"Pending" | "Running" | "Succeeded" | "Failed" | "Unknown"}`[];
}

/** How many of those that are selected: a `value` goes with the modes that need one. */
export type Amount =
  | { readonly mode: "one" | "all"; readonly value?: undefined }
  | { readonly mode: "fixed"; readonly value: `${number}` }
  | { readonly mode: "fixed-percent" | "random-max-percent"; readonly value: Share };

export type Picked = { readonly selector: Selector } & Amount;

/** A fault within containers: the first of the pod where none is named. */
export type Contained = Picked & { readonly containerNames?: Some<string> };

/** What lasts; without a duration, until it is lifted. */
export interface Lasting {
  readonly duration?: GoTime;
  readonly remoteCluster?: string;
}

/** What happens once and is over. */
export interface Once {
  readonly duration?: undefined;
  readonly remoteCluster?: string;
}

/** The union of a table's variants, told apart by `action`. */
export type ByAction<T> = { [A in keyof T]: { readonly action: A } & T[A] }[keyof T];
