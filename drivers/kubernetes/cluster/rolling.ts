import type { Release } from "../../../src/model/cluster.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Api, Resource, Thing } from "../api/api.ts";
import * as resources from "../api/resources.ts";
import { releasePatch, unmarked } from "./release.ts";
import { signatureOf, versionLabel, tagOf, type SlimWorkload, type Template } from "./slim.ts";

interface Rolling extends Thing {
  readonly spec: { readonly template: Template; readonly revisionHistoryLimit?: number; readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> } };
}

/** What a workload ran once, and can run again. */
export interface Kept {
  readonly version: string;
  readonly id: string;
  readonly revision: number;
  /** Puts it back in place. */
  readonly apply: () => Promise<Thing>;
}

const resourceOf = ({ kind }: SlimWorkload): Resource => (kind === "Deployment" ? resources.deployments : resources.statefulSets);
const versionOf = (template: Template) => template.metadata?.labels?.[versionLabel] || tagOf(template.spec.containers[0]?.image) || signatureOf(template);
const isOwned = (thing: Thing, { uid }: SlimWorkload) => thing.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;

/** The revisions of a workload that the platform keeps, the latest first. */
export async function history(api: Api, workload: SlimWorkload): Promise<readonly Kept[]> {
  const { namespace, name, uid, kind } = workload;
  if (kind === "Deployment") {
    const sets = await api.list<Rolling>(resources.replicaSets, { namespace });
    return sets.filter((set) => isOwned(set, workload)).map((set): Kept => ({
      version: versionOf(set.spec.template), id: signatureOf(set.spec.template),
      revision: Number(set.metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0),
      // All of the template, as kubectl does it: a merge would leave what the newer one added.
      apply: () => api.patch(resources.deployments, name, namespace, { json: [{ op: "test", path: "/metadata/uid", value: uid }, { op: "replace", path: "/spec/template", value: unmarked(set.spec.template) as never }] }),
    })).sort((a, b) => b.revision - a.revision);
  }
  interface Revision extends Thing {
    readonly revision: number;
    readonly data: { readonly spec: { readonly template: Template } };
  }
  const revisions = await api.list<Revision>(resources.controllerRevisions, { namespace });
  return revisions.filter((one) => isOwned(one, workload)).map((one): Kept => ({
    version: versionOf(one.data.spec.template), id: versionOf(one.data.spec.template), revision: one.revision,
    apply: () => api.patch(resources.statefulSets, name, namespace, { strategic: one.data as never }),
  })).sort((a, b) => b.revision - a.revision);
}

/**
 * Asks for a release of its own image or environment.
 *
 * @throws SEA_KUBE_HISTORY where the workload keeps no revision to go back to
 */
export async function release(api: Api, workload: SlimWorkload, what: Release): Promise<Thing> {
  const { namespace, name } = workload;
  const now = await api.read<Rolling>(resourceOf(workload), name, namespace);
  if (!now) throw problem("SEA_CLUSTER_UNKNOWN", { cluster: api.context, what: "workload", name, known: "it was deleted a moment ago" });
  if (now.spec.revisionHistoryLimit === 0) throw problem("SEA_KUBE_HISTORY", { workload: `${namespace}/${name}` });
  return api.patch(resourceOf(workload), name, namespace, { strategic: releasePatch(what, now.spec.template, now.spec.selector?.matchLabels ?? {}) });
}

/** The template of an object as the server answered it. */
export const goalOf = (thing: Thing, { kind }: SlimWorkload): { readonly id: string; readonly version: string } => {
  const { template } = (thing as Rolling).spec;
  const version = versionOf(template);
  return { id: kind === "Deployment" ? signatureOf(template) : version, version };
};
