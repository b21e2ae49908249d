import type { Mending } from "../../../src/model/fault.ts";
import { chaosFault, type ChaosFault, type ChaosOptions } from "./fault.ts";
import type { Harming } from "./kinds-of-harm.ts";
import type { GoTime } from "./specs/chosen.ts";
import type { Actions, HTTPSpec, Specs } from "./specs/index.ts";

/** What lasts for a duration ends by itself, or is lifted before; what has none is only lifted. */
type Ending<D> = [D] extends [string] ? "end" | "lift" : "lift";

/** Actions that happen once: the platform has to make good what they did. */
export type OnceActions = "pod-kill" | "container-kill" | "ec2-restart" | "node-reset" | "vm-restart";

type Given<S, D> = S & { readonly duration?: D };

/** Makes the faults of a kind whose variants are told apart by their action. */
type ByAction<T, Options> = <const A extends keyof T, const D extends GoTime | undefined = undefined>(
  spec: { readonly action: A } & Given<T[A], D>,
  options?: Options,
) => ChaosFault<A extends OnceActions ? "platform" : Ending<D>>;

type BySpec<S, Options> = <const D extends GoTime | undefined = undefined>(spec: Given<S, D>, options?: Options) => ChaosFault<Ending<D>>;

type OnMachines = Pick<ChaosOptions, "namespace">;

const of = (kind: Harming) => (spec: object, options?: ChaosOptions) => chaosFault<Mending>({ kind, spec: spec as Readonly<Record<string, unknown>> }, options);

interface Chaos {
  /** Kills pods or containers (once), or holds pods broken. */
  readonly pod: ByAction<Actions["PodChaos"], ChaosOptions>;
  /** Delays, loses, doubles, corrupts or narrows traffic, or cuts it. */
  readonly network: ByAction<Actions["NetworkChaos"], ChaosOptions>;
  /** Uses up CPU and memory. */
  readonly stress: BySpec<Specs["StressChaos"], ChaosOptions>;
  /** Delays, fails or falsifies calls to files of a volume. */
  readonly io: ByAction<Actions["IOChaos"], ChaosOptions>;
  /** Lookups of names fail or lie. Needs the DNS server of Chaos Mesh. */
  readonly dns: ByAction<Actions["DNSChaos"], ChaosOptions>;
  /** The clocks of processes go wrong. */
  readonly time: BySpec<Specs["TimeChaos"], ChaosOptions>;
  /** Cuts, delays or changes HTTP requests or responses of a port. */
  readonly http: BySpec<HTTPSpec, ChaosOptions>;
  /** Calls within the kernel fail. */
  readonly kernel: BySpec<Specs["KernelChaos"], ChaosOptions>;
  /** Faults within a Java process. */
  readonly jvm: ByAction<Actions["JVMChaos"], ChaosOptions>;
  /** Delays a block device under a volume. */
  readonly block: ByAction<Actions["BlockChaos"], ChaosOptions>;
  /** Stops or restarts an EC2 instance, or takes a volume off. */
  readonly aws: ByAction<Actions["AWSChaos"], OnMachines>;
  readonly gcp: ByAction<Actions["GCPChaos"], OnMachines>;
  readonly azure: ByAction<Actions["AzureChaos"], OnMachines>;
  /** Faults of machines outside the cluster, by the agent of Chaos Mesh on them. */
  readonly physicalMachine: ByAction<Actions["PhysicalMachineChaos"], OnMachines>;
}

/**
 * The faults of Chaos Mesh: each spec as Chaos Mesh has it, in which a wrong combination of fields
 * does not compile. What lasts says how long (`duration`) and is mended `by: "end"`, or is taken away
 * by `lift()`; what happens once is mended `by: "platform"`. The pods are chosen before the harm, by
 * the seed, and the object names these and no others.
 *
 * @throws (when planning) SEA_CHAOS_RULE and the other SEA_CHAOS_… for what types can't see
 * @throws (when aiming) SEA_AIM_EMPTY, SEA_CHAOS_ABSENT, SEA_CHAOS_OLD, SEA_NAMESPACE_UNNAMED, SEA_CHAOS_HOST_NETWORK, SEA_CHAOS_REFUSED
 * @example
 * chaos.network({ action: "delay", selector: { labelSelectors: { app: "shop" } }, mode: "all", delay: { latency: "200ms" }, duration: "1m" })
 */
export const chaos = Object.freeze({
  pod: of("PodChaos"), network: of("NetworkChaos"), stress: of("StressChaos"), io: of("IOChaos"), dns: of("DNSChaos"), time: of("TimeChaos"), http: of("HTTPChaos"),
  kernel: of("KernelChaos"), jvm: of("JVMChaos"), block: of("BlockChaos"), aws: of("AWSChaos"), gcp: of("GCPChaos"), azure: of("AzureChaos"), physicalMachine: of("PhysicalMachineChaos"),
}) as unknown as Chaos;
