import { whole, type Wanted } from "../../../src/faults/whole.ts";
import type { Aim } from "../../../src/model/fault.ts";
import { problem, SeatrialError } from "../../../src/units/errors.ts";
import type { Api, Resource, Thing } from "../api/api.ts";
import { configMaps, namespaces as namespaceResource, serviceAccounts, services } from "../api/resources.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { contentKinds, contentsOf, unaddressed, type Content } from "./contents.ts";
import { forget, keep, kept, plain, type Keep } from "./keep.ts";
import { placed } from "./located.ts";
import { markLabel, markOf } from "./swap.ts";
import type { Condition } from "./things.ts";
import { wantedNow } from "./whole.ts";

const kind = "namespace-loss";

interface NamespaceThing extends Thing {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

export interface NamespaceAim extends Aim {
  readonly namespace: string;
  readonly uid: string;
  readonly keep: Keep;
  /** The copies have a namespace of their own, which goes when all is back. */
  readonly ownKeep: boolean;
  readonly wanted: Wanted;
}

const readNamespace = (api: Api, name: string): Promise<NamespaceThing | undefined> => api.read<NamespaceThing>(namespaceResource, name);

/** What the server says of a namespace that does not end. */
export function sayStuck({ status }: NamespaceThing): string | undefined {
  const told = (status?.conditions ?? []).filter(({ type, status: is }) => is === "True" && /^Namespace(FinalizersRemaining|DeletionDiscoveryFailure|DeletionContentFailure|DeletionGroupVersionParsingFailure)$/.test(type));
  return told.length === 0 ? undefined : told.map(({ message, reason, type }) => message || reason || type).join("; ");
}

async function readAll(api: Api, namespace: string): Promise<readonly Content[]> {
  const contents = await contentsOf(api, namespace);
  const claims = contents.filter(({ resource }) => resource.plural === "persistentvolumeclaims").map(({ thing }) => thing.metadata.name);
  if (claims.length > 0) throw problem("SEA_NAMESPACE_DATA", { namespace, claims: claims.join(", ") });
  return contents;
}

/** Makes one object again; one that somebody else has made is let be. */
async function make(api: Api, resource: Resource, thing: Thing): Promise<void> {
  // Every namespace gets this one by itself, without what was added to it.
  if (resource.plural === serviceAccounts.plural) return void (await api.apply(resource, thing));
  // Its address may be somebody else's by now.
  const forms = resource.plural === services.plural ? [thing, unaddressed(thing)] : [thing];
  let refused: unknown;
  for (const form of forms) {
    try {
      return void (await api.create(resource, form));
    } catch (error) {
      const code = error instanceof SeatrialError ? error.code : undefined;
      if (code === "SEA_KUBE_EXISTS") return;
      if (code !== "SEA_KUBE_REFUSED") throw error;
      refused = error;
    }
  }
  throw refused;
}

async function forgetAll(api: Api, { keep: where, ownKeep }: NamespaceAim): Promise<void> {
  if (ownKeep) return api.remove(namespaceResource, where.namespace, undefined);
  return forget(api, where);
}

/** What is written down: the namespace itself, then the objects, each with how it is made again. */
interface Copy extends Thing {
  readonly resource?: Resource;
  readonly thing: Thing;
}

/**
 * Makes the namespace again, and all that was in it, from the copies.
 *
 * @throws SEA_ENDING while something holds the old one; SEA_KEEP_LOST when the copies are gone as well
 */
export async function healNamespaceLoss(cluster: KubernetesCluster, aim: NamespaceAim): Promise<boolean> {
  const { api } = cluster;
  const now = await readNamespace(api, aim.namespace);
  if (now?.metadata.deletionTimestamp !== undefined) {
    const why = sayStuck(now);
    if (why !== undefined) throw problem("SEA_ENDING", { what: `namespace ${aim.namespace}`, why });
    return false;
  }
  if (now?.metadata.uid !== aim.uid) {
    const copies = (await kept(api, aim.keep)) as readonly Copy[] | undefined;
    if (!copies && !now) throw problem("SEA_KEEP_LOST", { where: aim.keep.namespace, mark: aim.keep.mark });
    const [own, ...contents] = copies ?? [];
    if (own && !now) await make(api, namespaceResource, own.thing);
    for (const { resource, thing } of contents) await make(api, resource!, thing);
  }
  await forgetAll(api, aim);
  return whole(cluster, aim.wanted);
}

const needs = (namespace: string, keepIn: string | undefined): readonly Need[] => [
  { verbs: ["get", "create", "delete"], group: "", resource: "namespaces", namespaced: false },
  { verbs: ["list"], group: "apiextensions.k8s.io", resource: "customresourcedefinitions", namespaced: false, for: "harm" },
  ...contentKinds.map(({ group, plural }): Need => ({ verbs: ["create", "list"], group, resource: plural, namespaced: true, namespaces: [namespace] })),
  { verbs: ["patch"], group: "", resource: "serviceaccounts", namespaced: true, namespaces: [namespace] },
  { verbs: ["get", "list", "patch", "delete"], group: "", resource: "secrets", namespaced: keepIn !== undefined, ...(keepIn !== undefined && { namespaces: [keepIn] }) },
];

export interface NamespaceOptions {
  /**
   * A namespace that holds the copies meanwhile. Default: a new one, in which nobody has any role: whoever can
   * read the copies there may read the Secrets of every namespace anyway.
   */
  readonly keepIn?: string;
}

/**
 * Deletes a namespace with all that is in it. Everything that people have made there is copied before, as
 * Secrets in another namespace, and healing makes it again: the Secrets among it never leave the cluster, and
 * none of it is in ledgers or undo records. What controllers make is theirs to make again: pods, the revisions
 * of a rollout. Jobs that ran do not run again. A namespace with volumes is refused: their data would be lost.
 * It must not be the one that the undo records are in, which is the place's first.
 *
 * @throws SEA_AIM_EMPTY, SEA_NAMESPACE_DATA (when aiming); SEA_NAMESPACE_UNDO, SEA_KEEP_SIZE (before the harm)
 * @example { fault: namespaceLoss("cart"), recover: { by: lift({ after: "1m" }), within: "10m" } }
 */
export function namespaceLoss(namespace: string, { keepIn }: NamespaceOptions = {}): KubernetesFault<NamespaceAim, "platform" | "lift"> {
  return Object.freeze({
    kind,
    harm: `deletes namespace ${namespace} with all that is in it, Secrets too, and keeps copies in ${keepIn ?? "a namespace of its own"}`,
    mendedBy: { platform: true, lift: true },
    costs: [{ what: "namespace", name: namespace }],
    needs: needs(namespace, keepIn),
    aim: async (cluster, random) => {
      const thing = cluster.namespaces.includes(namespace) ? await readNamespace(cluster.api, namespace) : undefined;
      if (thing?.metadata.uid === undefined || thing.metadata.deletionTimestamp !== undefined) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `no namespace '${namespace}' among ${cluster.namespaces.join(", ")}${thing ? ": it is being deleted" : ""}` });
      if (keepIn === namespace) throw problem("SEA_AIM_EMPTY", { fault: kind, what: "its copies can't be kept in itself" });
      await readAll(cluster.api, namespace);
      const mark = markOf(cluster.run, random);
      const all = await wantedNow(cluster);
      return {
        targets: [{ what: "namespace", name: namespace }],
        namespace, uid: thing.metadata.uid, keep: { namespace: keepIn ?? `seatrial-kept-${mark}`, mark }, ownKeep: keepIn === undefined,
        wanted: Object.fromEntries(Object.entries(all).filter(([name]) => placed(cluster.namespaces, name).namespace === namespace)),
      };
    },
    inject: async ({ api }, aim) => {
      const records = await api.list(configMaps, { namespace, labels: "seatrial.dev/undo" });
      if (records.length > 0) throw problem("SEA_NAMESPACE_UNDO", { namespace });
      const own = await readNamespace(api, namespace);
      if (own?.metadata.uid !== aim.uid) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `namespace ${namespace} was replaced since it was aimed at` });
      const contents = await readAll(api, namespace);
      if (aim.ownKeep) await make(api, namespaceResource, { apiVersion: "v1", kind: "Namespace", metadata: { name: aim.keep.namespace, labels: { "app.kubernetes.io/managed-by": "seatrial", [markLabel]: aim.keep.mark } } });
      await keep(api, aim.keep, [{ thing: plain(own) }, ...contents] as unknown as readonly Thing[]);
      await api.remove(namespaceResource, namespace, undefined, { uid: aim.uid });
    },
    recovered: async (cluster, { uid, wanted }) => {
      const now = await readNamespace(cluster.api, namespace);
      return now !== undefined && now.metadata.uid !== uid && now.metadata.deletionTimestamp === undefined && whole(cluster, wanted);
    },
    heal: healNamespaceLoss,
  } satisfies KubernetesFault<NamespaceAim, "platform" | "lift">);
}
