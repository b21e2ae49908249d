import type { Aim, Bounds, Target } from "../../../../src/model/fault.ts";
import { problem } from "../../../../src/units/errors.ts";
import type { Random } from "../../../../src/units/random.ts";
import type { Wanted } from "../../../../src/faults/whole.ts";
import type { Meta } from "../../api/api.ts";
import type { KubernetesCluster } from "../../cluster/cluster.ts";
import { holders, isOnce, type Harming } from "../kinds-of-harm.ts";
import { choose, sayAmount, saySelector } from "../select/choose.ts";
import { isReady, selected, type AnySelector, type PodThing } from "../select/pods.ts";
import { assertInstalled } from "./installed.ts";
import { tried } from "./refused.ts";
import { labels, resourceOf, type ChaosThing, type Kind } from "./words.ts";

export const kind = "chaos-mesh";

type Fields = Readonly<Record<string, unknown>>;

/** A pod that is aimed at, as it was. */
export interface AimedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly restarts: number;
}

/** Everything that heals it from another process: plain data. */
export interface ChaosAim extends Aim {
  /** The object as it will be created: with its name, the run's label, and an end. */
  readonly manifest: ChaosThing;
  /** Empty where Chaos Mesh chooses by itself (schedules, workflows), or what is harmed is no pod. */
  readonly pods: readonly AimedPod[];
  /** Workloads of the selected pods, which have to be whole again. */
  readonly wanted: Wanted;
  readonly once: boolean;
  /** The selector whose new pods are to be reached as well. */
  readonly follow?: AnySelector;
}

/** A manifest as users give it: the rest of its metadata is ours. */
export interface Given {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: Partial<Meta>;
  readonly spec: Fields;
}

/** What is given by the user, checked. */
export interface Order {
  readonly manifest: Given;
  readonly namespace: string | undefined;
  readonly follow: boolean;
}

const restartsOf = (pod: PodThing): number => (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);

/** As long as the run may need to heal it, where nobody says otherwise. */
const defaultHarmMs = 600_000;

/** An end for the case that nobody is left to lift it. */
const endOf = (bounds: Bounds | undefined): string => `${Math.ceil((bounds?.harmMs ?? defaultHarmMs) / 1_000)}s`;

/** Every selection within a spec, with how many of it are harmed. */
export function* picksOf(spec: Fields): Generator<{ readonly selector: AnySelector; readonly amount: Fields }> {
  if (typeof spec["selector"] === "object" && spec["selector"] !== null) yield { selector: spec["selector"] as AnySelector, amount: spec };
  // What comes from the target is troubled there.
  const { target, direction } = spec;
  if (typeof target === "object" && target !== null && (direction === "from" || direction === "both")) yield* picksOf(target as Fields);
  for (const holder of [...Object.values(holders), "schedule", "workflow"]) if (typeof spec[holder] === "object" && spec[holder] !== null) yield* picksOf(spec[holder] as Fields);
  for (const template of (spec["templates"] ?? []) as readonly Fields[]) yield* picksOf(template);
}

/** The machines of clouds, and those with an agent, as targets. */
export function machinesOf(spec: Fields): readonly Target[] {
  const one = spec["ec2Instance"] ?? spec["instance"] ?? spec["vmName"];
  const names = one !== undefined ? [String(one)] : ((spec["address"] ?? []) as readonly string[]);
  return names.map((name) => ({ what: "node", name }));
}

/** Gives what lasts an end, and what is inside of it: whoever runs it may die. */
function withEnd(spec: Fields, of: string, bounds: Bounds | undefined): Fields {
  const end = endOf(bounds);
  if (of in holders) return isOnce(spec) || spec["duration"] !== undefined ? spec : { ...spec, duration: end };
  if (of === "Workflow") {
    const templates = (spec["templates"] as readonly Fields[]).map((one) => (one["name"] === spec["entry"] && one["deadline"] === undefined ? { ...one, deadline: end } : one));
    return { ...spec, templates };
  }
  const type = String(spec["type"]);
  const holder = type === "Workflow" ? "workflow" : holders[type as Harming];
  return { ...spec, [holder]: withEnd(spec[holder] as Fields, type, bounds) };
}

/** A selector of exactly these pods. */
function pinned(pods: readonly PodThing[]): AnySelector {
  const names: Record<string, string[]> = {};
  for (const { metadata } of pods) (names[metadata.namespace!] ??= []).push(metadata.name);
  return { pods: names };
}

/**
 * Chooses what is harmed, by the seed, before anything is: the object that is made then names these
 * pods and no others. Where Chaos Mesh chooses later (schedules, workflows), the aim holds as many
 * as it may take.
 *
 * @throws SEA_AIM_EMPTY, SEA_NAMESPACE_UNNAMED, SEA_CHAOS_ABSENT, _OLD, _HOST_NETWORK, _REFUSED
 */
export async function aimChaos(cluster: KubernetesCluster, random: Random, bounds: Bounds | undefined, order: Order): Promise<ChaosAim> {
  const { api } = cluster;
  const of = order.manifest.kind as Kind;
  await assertInstalled(cluster, of);
  const given = order.manifest.spec;
  const namespace = order.manifest.metadata?.namespace ?? order.namespace ?? [...picksOf(given)].flatMap(({ selector }) => selector.namespaces ?? Object.keys(selector.pods ?? {}))[0] ?? cluster.namespaces[0];
  if (namespace === undefined) throw problem("SEA_AIM_EMPTY", { fault: kind, what: "neither the fault nor the cluster names a namespace" });
  const fixed = of in holders;
  const once = fixed && isOnce(given);
  const mapped = new Map((await cluster.pods()).map((pod) => [pod.id, pod]));

  const aimed: PodThing[] = [];
  const pick = async (spec: Fields): Promise<readonly PodThing[]> => {
    const selector: AnySelector = { ...(spec["selector"] as AnySelector) };
    const within = selector.pods ? selector : { ...selector, namespaces: selector.namespaces?.length ? selector.namespaces : [namespace] };
    const outside = [...(within.namespaces ?? []), ...Object.keys(within.pods ?? {})].filter((one) => !cluster.namespaces.includes(one));
    if (outside.length > 0) throw problem("SEA_NAMESPACE_UNNAMED", { namespace: outside[0]!, named: cluster.namespaces.join(", ") });
    const found = await selected(api, within);
    const usable = selector.podPhaseSelectors?.length ? found : found.filter(isReady);
    const chosen = choose(usable, spec, random.fork("pods", aimed.length));
    if (!chosen) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `${sayAmount(spec)} of ${saySelector(within)} wanted; ${found.length} found, ${usable.length} of them ready` });
    aimed.push(...chosen);
    return chosen;
  };

  let spec: Fields = given;
  if (fixed && given["selector"] !== undefined && of !== "PhysicalMachineChaos") {
    const { value: _value, ...rest } = given;
    spec = { ...rest, mode: "all", selector: pinned(await pick(given)) };
    const target = given["target"];
    if (typeof target === "object" && target !== null) {
      const before = aimed.length;
      const { value: _, ...others } = target as Fields;
      spec = { ...spec, target: { ...others, mode: "all", selector: pinned(await pick(target as Fields)) } };
      // Only the other end of the fault: what goes to it is troubled where it comes from.
      if (given["direction"] === undefined || given["direction"] === "to") aimed.length = before;
    }
  } else if (!fixed) {
    for (const { selector, amount } of picksOf(given)) await pick({ ...amount, selector });
  }
  const unique = [...new Map(aimed.map((pod) => [pod.metadata.uid!, pod])).values()];
  if (of === "NetworkChaos") {
    const onHost = unique.filter((pod) => pod.spec.hostNetwork).map(({ metadata }) => metadata.name);
    if (onHost.length > 0) throw problem("SEA_CHAOS_HOST_NETWORK", { pods: onHost.join(", ") });
  }

  const name = `${order.manifest.metadata?.name ?? `seatrial-${of.toLowerCase()}`}-${random.fork("name").int(0, 0x7fffffff).toString(16).padStart(8, "0")}`;
  const manifest: ChaosThing = {
    ...order.manifest,
    metadata: { ...order.manifest.metadata, name, namespace, labels: { ...order.manifest.metadata?.labels, [labels.run]: cluster.run, [labels.storm]: name } },
    spec: withEnd(spec, of, bounds),
  };
  await tried(api, resourceOf(of), manifest);
  const targets: readonly Target[] = [...unique.map(({ metadata }): Target => ({ what: "pod", name: mapped.get(metadata.uid!)?.name ?? metadata.name })), ...machinesOf(given)];
  const workloads = new Set(unique.flatMap(({ metadata }) => mapped.get(metadata.uid!)?.workload ?? []));
  const wanted = Object.fromEntries((await cluster.workloads()).filter(({ name: one }) => workloads.has(one)).map(({ name: one, wanted: count }) => [one, count]));
  return {
    targets, manifest, wanted, once,
    pods: fixed ? unique.map((pod) => ({ namespace: pod.metadata.namespace!, name: pod.metadata.name, uid: pod.metadata.uid!, restarts: restartsOf(pod) })) : [],
    ...(order.follow && { follow: { ...(given["selector"] as AnySelector), namespaces: (given["selector"] as AnySelector).namespaces ?? [namespace] } }),
  };
}
