import type { Clock } from "../units/clock.ts";
import type { Percent } from "../units/percent.ts";
import type { Random } from "../units/random.ts";
import type { Consent, Guard, Needy, Permits } from "./consent.ts";
import type { Sighting } from "./sighting.ts";

export interface PodRef {
  readonly name: string;
  /** Changes with every replacement, also where the name stays. */
  readonly id: string;
}

export interface Pod extends PodRef {
  readonly workload: string;
  readonly node: string;
  readonly version: string;
  /** Takes traffic. */
  readonly ready: boolean;
}

export interface ClusterNode {
  readonly name: string;
  readonly ready: boolean;
  readonly pool: string;
}

/** What a workload runs, or should run. */
export interface Release {
  readonly version: string;
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Workload {
  readonly name: string;
  readonly wanted: number;
  readonly ready: number;
  readonly rollout: Rollout;
}

/**
 * Where a workload stands between two versions. `idle`: only the stable one; `progressing`: the
 * candidate takes traffic; `promoted` and `rolled-back`: how the last one ended.
 */
export interface Rollout {
  readonly phase: "idle" | "progressing" | "promoted" | "rolled-back";
  readonly stable: string;
  readonly candidate: string | undefined;
  /** The candidate's share of new connections, 0 to 1. */
  readonly weight: number;
  readonly reason: string;
}

export interface Backup {
  readonly id: string;
  readonly scope: string;
  /** Wall time at which the copy was begun, ms since 1970: what was written later is not in it. */
  readonly takenAtMs: number;
}

/** Anything that survives JSON. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** An undo record: harm that was armed and not yet healed. */
export interface Debt {
  /** Unique in the cluster: run and storm. */
  readonly id: string;
  readonly run: string;
  readonly fault: string;
  readonly aim: Plain;
  /** Wall time, ms since 1970, by which the run would have healed it. */
  readonly deadlineMs: number;
}

/**
 * The platform under the service. Three implementations pass one contract suite: simulated,
 * local processes, Kubernetes. Every verb that changes something is idempotent, and returns when
 * the change was *asked for*; what came of it is read. A workload, node, scope or backup that it
 * does not have is refused with SEA_CLUSTER_UNKNOWN; a pod that is gone already is no error.
 */
export interface Cluster {
  readonly kind: string;
  readonly name: string;

  /** The address of a service; undefined for one it does not have. */
  service(name: string): string | undefined;
  workloads(): Promise<readonly Workload[]>;
  pods(): Promise<readonly Pod[]>;
  nodes(): Promise<readonly ClusterNode[]>;
  /**
   * Tells what pods, nodes and endpoints do, as it happens, from now until the signal aborts; what
   * stands already is not told. Answers when it has begun to see. Where a cluster has none, its pods and
   * nodes are looked at again and again.
   */
  watch?(see: (sighting: Sighting) => void, signal: AbortSignal): Promise<void>;

  /** Ends the pod at once. */
  killPod(pod: PodRef): Promise<void>;
  /** Stops the pod's processes without ending them: its connections hang. */
  freezePod(pod: PodRef): Promise<void>;
  thawPod(pod: PodRef): Promise<void>;
  /** Takes the node's power away: everything on it ends. */
  stopNode(node: string): Promise<void>;
  /** Takes the node's network away: everything on it runs on, its connections hang. */
  cutNode(node: string): Promise<void>;
  /** Gives the node back what was taken, power or network. */
  restoreNode(node: string): Promise<void>;

  /**
   * Begins to roll a release out, as a canary where the workload has one. Nothing to do for the
   * stable version at rest, or the candidate under way. A version that ran here before, given
   * without image and env, is that release again.
   */
  ship(workload: string, release: Release): Promise<void>;
  /** Ends a rollout that is under way by going back to the stable version; nothing to do otherwise. */
  undo(workload: string): Promise<void>;

  /** The names of what can be backed up and lost. */
  scopes(): Promise<readonly string[]>;
  /** True when the scope's data is there and usable. */
  holds(scope: string): Promise<boolean>;
  /** Answers when the copy is complete; refuses with SEA_BACKUP_EMPTY when the scope's data is lost. */
  backUp(scope: string): Promise<Backup>;
  /** Newest first; complete ones only. */
  backups(scope: string): Promise<readonly Backup[]>;
  /** Destroys the scope's data: `holds` is false from now on; backups stay. */
  lose(scope: string): Promise<void>;
  /** Puts the data back as it was in the backup; `holds` is true again when it is done. */
  restore(scope: string, backup: string): Promise<void>;

  /** Writes an undo record down, before the harm. */
  owe(debt: Debt): Promise<void>;
  /** Clears it; an unknown id is no error. */
  settle(debt: string): Promise<void>;
  debts(): Promise<readonly Debt[]>;

  /** Asked before every harm; undefined for a cluster that exists to be broken. */
  readonly guard?: Guard;

  /** Lets go of the cluster; ends it only where it was made for this run. */
  close(): Promise<void>;
}

/** At most so many, or that share of all (rounded down, and at least 1), or both: then the smaller counts. */
export type Most = number | Percent | { readonly count: number; readonly share: Percent };

/** What a trial may break. Whatever is not named may not be harmed. */
export interface MayLose {
  /** Pods of one workload at once. */
  readonly pods?: Most;
  readonly nodes?: Most;
  /** Data scopes by name. */
  readonly data?: readonly string[];
  /** Workloads that may get a bad release. */
  readonly releases?: readonly string[];
  /** Workloads that may be out of service altogether. */
  readonly workloads?: readonly string[];
  /** Namespaces that may go, with all that is in them. */
  readonly namespaces?: readonly string[];
  /** Other things by kind and name: `"service/shop"`, `"secret/db"`. */
  readonly objects?: readonly string[];
  readonly even?: Even;
}

/** What a cluster with real users protects by itself, lifted for those that are named. */
export interface Even {
  /** Namespaces of the system, such as `"kube-system"`. */
  readonly system?: readonly string[];
  /** Nodes that carry the control plane. */
  readonly controlPlane?: readonly string[];
  /** Workloads whose last ready replica may go. */
  readonly last?: readonly string[];
  /** Nodes that this run's own process or its helpers are on. */
  readonly own?: readonly string[];
}

export interface PlaceContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** The run's id. */
  readonly run: string;
  /** A folder for logs; undefined where none is kept. */
  readonly folder: string | undefined;
  /** What was typed to allow harm; a cluster with a guard lets nobody harm it without. */
  readonly consent?: Consent;
  /** Tells the person watching what takes a while. */
  say(line: string): void;
}

/** Where a trial can sail: opens one cluster. Inert until `open`. */
export interface Place<C extends Cluster = Cluster> {
  readonly kind: string;
  /** What `--on` names. */
  readonly name: string;
  readonly mayLose: MayLose;
  /** `"freely"`: it exists to be broken. Otherwise nothing is harmed there unless the command line says so. */
  readonly harms?: "freely";
  /** What in its names looks like production, as far as they say so before it is opened. */
  readonly signs?: readonly string[];
  /** Services that it offers, for `plan`. */
  readonly services: readonly string[];
  /** Plain data by which `heal` finds the cluster again from another process; undefined when it can't outlive the run. */
  readonly address: Plain | undefined;
  open(context: PlaceContext): Promise<C>;
  /** The cluster as it stands, for `plan` to look at; starts nothing, and answers undefined where nothing is up. */
  look?(context: PlaceContext): Promise<C | undefined>;
  /** Would the platform allow every call that a run with these storms makes? Asks it, and opens nothing. */
  permits?(context: PlaceContext, storms: readonly Needy[]): Promise<Permits>;
}
