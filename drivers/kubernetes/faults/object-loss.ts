import { whole, type Wanted } from "../../../src/faults/whole.ts";
import type { Aim } from "../../../src/model/fault.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Thing } from "../api/api.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { Need } from "../consent/needs.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { forget, keep, kept, plain, type Keep } from "./keep.ts";
import { placed, resourceOf, type Located } from "./located.ts";
import { markOf } from "./swap.ts";
import { wantedNow } from "./whole.ts";

export interface ObjectAim extends Aim {
  readonly at: Located;
  /** Where its copy is while it is gone. */
  readonly keep: Keep;
  /** The workloads that were whole: nobody says which of them need it. */
  readonly wanted: Wanted;
}

const isBack = (thing: Thing | undefined): boolean => thing !== undefined && thing.metadata.deletionTimestamp === undefined;

/**
 * Makes the object again from its copy, unless somebody else has made it.
 *
 * @throws SEA_KEEP_LOST when it is gone, and so is the copy; SEA_ENDING while a finalizer holds the old one
 */
export async function healObjectLoss(cluster: KubernetesCluster, { at, keep: where, wanted }: ObjectAim): Promise<boolean> {
  const { api } = cluster;
  const thing = await api.read(resourceOf(at), at.name, at.namespace);
  if (thing?.metadata.deletionTimestamp !== undefined) throw problem("SEA_ENDING", { what: `${thing.kind} ${at.namespace}/${at.name}`, why: `its finalizers are ${thing.metadata.finalizers?.join(", ") || "none"}` });
  if (!thing) {
    const [copy] = (await kept(api, where)) ?? [];
    if (!copy) throw problem("SEA_KEEP_LOST", { where: where.namespace, mark: where.mark });
    await api.create(resourceOf(at), plain(copy));
  }
  await forget(api, where);
  return whole(cluster, wanted);
}

function objectLoss(kind: string, plural: "secrets" | "configmaps", word: "secret" | "configmap", name: string): KubernetesFault<ObjectAim, "platform" | "lift"> {
  const short = name.slice(name.indexOf("/") + 1);
  const needs: readonly Need[] = [
    { verbs: ["get", "create", "delete"], group: "", resource: plural, namespaced: true },
    { verbs: ["get", "list", "patch", "delete"], group: "", resource: "secrets", namespaced: true },
  ];
  return Object.freeze({
    kind,
    harm: `deletes the ${word === "secret" ? "Secret" : "ConfigMap"} ${short}, and keeps a copy of it as a Secret beside it`,
    mendedBy: { platform: true, lift: true },
    costs: [{ what: "object", name: `${word}/${short}` }],
    needs,
    aim: async (cluster, random) => {
      const { namespace } = placed(cluster.namespaces, name);
      const thing = cluster.namespaces.includes(namespace) ? await cluster.api.read<Thing & { readonly type?: string }>(resourceOf({ plural }), short, namespace) : undefined;
      if (!thing || !isBack(thing)) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `no ${word} '${short}' in ${namespace} (the place names ${cluster.namespaces.join(", ")})` });
      if (thing.type === "kubernetes.io/service-account-token") throw problem("SEA_AIM_EMPTY", { fault: kind, what: `${short} is the token of a service account: another one would be another token` });
      return {
        targets: [{ what: "object", name: `${word}/${short}`, namespace }],
        at: { plural, namespace, name: short, uid: thing.metadata.uid! },
        keep: { namespace, mark: markOf(cluster.run, random) },
        wanted: await wantedNow(cluster),
      };
    },
    inject: async ({ api }, { at, keep: where }) => {
      const thing = await api.read(resourceOf(at), at.name, at.namespace);
      if (thing?.metadata.uid !== at.uid) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `${word} ${at.name} was replaced since it was aimed at` });
      await keep(api, where, [thing]);
      await api.remove(resourceOf(at), at.name, at.namespace, { uid: at.uid });
    },
    recovered: async (cluster, { at, wanted }) => {
      const thing = await cluster.api.read(resourceOf(at), at.name, at.namespace);
      return isBack(thing) && thing!.metadata.uid !== at.uid && whole(cluster, wanted);
    },
    heal: healObjectLoss,
  } satisfies KubernetesFault<ObjectAim, "platform" | "lift">);
}

/**
 * Deletes a Secret. Pods that run keep what they have read of it; new ones can't start. A copy is kept
 * beside it, as a Secret, until it is back: nothing of it is written to ledgers or undo records. Ends when
 * it is lifted, or when whoever made it makes it again.
 *
 * @throws SEA_AIM_EMPTY (when aiming) when there is none of that name, or it is a service account's token
 * @example { fault: secretLoss("db"), recover: { by: lift({ after: "1m" }), within: "2m" } }
 */
export const secretLoss = (secret: string): KubernetesFault<ObjectAim, "platform" | "lift"> => objectLoss("secret-loss", "secrets", "secret", secret);

/**
 * Deletes a ConfigMap; as `secretLoss` in everything else.
 *
 * @example { fault: configLoss("shop"), recover: { by: lift({ after: "1m" }), within: "2m" } }
 */
export const configLoss = (configMap: string): KubernetesFault<ObjectAim, "platform" | "lift"> => objectLoss("config-loss", "configmaps", "configmap", configMap);
