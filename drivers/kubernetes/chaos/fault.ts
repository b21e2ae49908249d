import type { Cluster } from "../../../src/model/cluster.ts";
import type { Cost, Mending, StormCheck } from "../../../src/model/fault.ts";
import { sayMs } from "../../../src/units/duration.ts";
import { problem, type SeatrialError } from "../../../src/units/errors.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import { manifestFlaws } from "./checks/manifest.ts";
import { goMs } from "./checks/texts.ts";
import { holders, isOnce } from "./kinds-of-harm.ts";
import { aimChaos, kind, machinesOf, picksOf, type ChaosAim, type Given, type Order } from "./life/aim.ts";
import { follow } from "./life/follow.ts";
import { healChaos } from "./life/heal.ts";
import { recoveredChaos } from "./life/recovered.ts";
import { made } from "./life/refused.ts";
import { annotations, resourceOf, type Kind } from "./life/words.ts";
import { needsOf } from "./needs.ts";
import { mostOf, sayAmount, saySelector } from "./select/choose.ts";

/** A fault of Chaos Mesh. */
export type ChaosFault<By extends Mending> = KubernetesFault<ChaosAim, By>;

/** What goes for a fault beside its spec. */
export interface ChaosOptions {
  /** Where its object is made. Default: the selector's first namespace, or the cluster's. */
  readonly namespace?: string;
  /** Also reach the pods that replace those aimed at, while the fault lasts. Only for what lasts. Default false. */
  readonly follow?: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** The time after which it ends by itself; undefined where it says none. */
function ownEnd({ kind: of, spec }: Given): string | undefined {
  if (of in holders) return isOnce(spec) ? undefined : (spec["duration"] as string | undefined);
  if (of !== "Workflow") return undefined;
  const entry = ((spec["templates"] ?? []) as readonly Fields[]).find(({ name }) => name === spec["entry"]);
  return entry?.["deadline"] as string | undefined;
}

function mendings(manifest: Given): readonly Mending[] {
  const { kind: of, spec } = manifest;
  if (of in holders && isOnce(spec)) return ["platform"];
  if (of === "Workflow") return ["end", "lift"];
  return ownEnd(manifest) === undefined ? ["lift"] : ["end", "lift"];
}

function flaws(order: Order, { place, withinMs, by }: StormCheck): readonly SeatrialError[] {
  const found = [...manifestFlaws(order.manifest, place)];
  const { kind: of, metadata, spec } = order.manifest;
  if (metadata?.annotations?.[annotations.pause] === "true") found.push(problem("SEA_CHAOS_RULE", { what: "it is paused: nothing would happen", mend: `leave the annotation ${annotations.pause} out` }, `${place}.metadata.annotations`));
  if (found.length > 0) return found;
  if (spec["remoteCluster"]) found.push(problem("SEA_CHAOS_REMOTE", { remote: String(spec["remoteCluster"]) }, `${place}.spec.remoteCluster`));
  if (order.follow && (!(of in holders) || isOnce(spec) || spec["selector"] === undefined || of === "PhysicalMachineChaos")) found.push(problem("SEA_CHAOS_RULE", { what: `${of}${isOnce(spec) ? ` ${String(spec["action"])}` : ""} can't follow replacements`, mend: "leave follow out: only what lasts in pods can be put on new ones" }, `${place}.follow`));
  const end = ownEnd(order.manifest);
  if (by === "end" && end !== undefined && goMs(end)! >= withinMs) found.push(problem("SEA_CHAOS_TIME", { duration: end, within: sayMs(withinMs) }, `${place}.spec.duration`));
  return found;
}

/** `"NetworkChaos delay of one of app=shop"`. */
function harmOf({ kind: of, metadata, spec }: Given): string {
  const action = [of, spec["action"] ?? spec["target"] ?? spec["type"]].filter((one) => typeof one === "string").join(" ");
  const machines = machinesOf(spec).map(({ name }) => name);
  const targets = machines.length > 0 ? machines : [...picksOf(spec)].map(({ selector, amount }) => `${sayAmount(amount)} of ${saySelector(selector)}`);
  return [action, metadata?.name, targets.length > 0 ? `on ${targets.join("; ")}` : undefined].filter(Boolean).join(" ");
}

const costsOf = ({ kind: of, spec }: Given): readonly Cost[] => {
  if (of === "PhysicalMachineChaos" || machinesOf(spec).length > 0) return [{ what: "node", count: Math.max(1, machinesOf(spec).length) }];
  return [...picksOf(spec)].map(({ amount }) => ({ what: "pod", count: mostOf(amount) }));
};

/** The healer of every fault of Chaos Mesh, for an aim that was read from an undo record. */
export const chaosHealers = { [kind]: healChaos } as const;

/** A fault of any kind, by what is given for it. */
export function chaosFault<By extends Mending>(given: Omit<Given, "apiVersion"> & { readonly apiVersion?: string }, options: ChaosOptions = {}): ChaosFault<By> {
  // A copy: what the user does to the manifest later is no part of it.
  const manifest = JSON.parse(JSON.stringify({ apiVersion: "chaos-mesh.org/v1alpha1", ...given })) as Given;
  const order: Order = { manifest, namespace: options.namespace, follow: options.follow ?? false };
  const isFine = manifestFlaws(manifest, "").length === 0;
  return Object.freeze({
    kind,
    // What is wrong with it is said by `check`; here it only must not break.
    harm: isFine ? harmOf(manifest) : String(manifest.kind),
    mendedBy: Object.fromEntries((isFine ? mendings(manifest) : ["platform", "end", "lift"]).map((by) => [by, true])) as { readonly [K in By]: true },
    costs: isFine ? costsOf(manifest) : [],
    needs: isFine ? needsOf(manifest) : [],
    check: (storm: StormCheck) => flaws(order, storm),
    aim: async (cluster: KubernetesCluster, random, bounds) => {
      if ((cluster as Cluster).kind !== "kubernetes") throw problem("SEA_AIM_EMPTY", { fault: kind, what: `${cluster.name} is no Kubernetes cluster` });
      return aimChaos(cluster, random, bounds, order);
    },
    inject: async (cluster, aim) => {
      await made(cluster.api, resourceOf(aim.manifest.kind as Kind), aim.manifest);
      if (aim.follow) await follow(cluster, aim);
    },
    recovered: recoveredChaos,
    heal: healChaos,
  } satisfies ChaosFault<By>);
}
