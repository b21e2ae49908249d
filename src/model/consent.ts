import type { SeatrialError } from "../units/errors.ts";
import type { MayLose } from "./cluster.ts";
import type { Fault, Recovery, Target } from "./fault.ts";

/** What a person typed to allow harm. */
export interface Consent {
  /** The place's name, exactly: `--harm`. */
  readonly harm?: string | undefined;
  /** Also where it looks as if real users depended on it: `--even production`. */
  readonly even?: "production" | undefined;
  /** Runs beside whose open undo records this one may harm, by id: `--beside`. */
  readonly beside?: readonly string[] | undefined;
}

/** Harm that is about to be done. */
export interface Intent {
  /** The run's id. */
  readonly run: string;
  /** The fault's kind. */
  readonly fault: string;
  readonly targets: readonly Target[];
  readonly may: MayLose;
}

/** A storm, as far as it says what it asks of the platform. */
export interface Needy {
  readonly fault: Fault;
  readonly recovery: Recovery | undefined;
}

/** What the platform said when it was asked for permission. */
export interface Permits {
  /** So many calls were asked about. */
  readonly asked: number;
  /** Those that are not allowed, in words. */
  readonly missing: readonly string[];
  /** What somebody who may has to apply, in the platform's own form; empty where nothing is missing. */
  readonly remedy: string;
}

/**
 * Stands before every harm to a cluster that real users may depend on. Reads only. It does not count:
 * that the aim keeps within `mayLose` is checked for every cluster in the same way.
 */
export interface Guard {
  /** What in the cluster looks like production, in its own words; empty: nothing does. */
  signs(): Promise<readonly string[]>;
  /** What speaks against any harm now, whatever is aimed at: no consent, the open undo record of another run. */
  closed(): Promise<readonly SeatrialError[]>;
  /** What speaks against harming just these: what is protected, and was not lifted by name. */
  against(intent: Intent): Promise<readonly SeatrialError[]>;
}
