import type { Thing } from "../../api/api.ts";
import { deployments } from "../../api/resources.ts";
import type { KubernetesCluster } from "../../cluster/cluster.ts";
import { problem, SeatrialError } from "../../../../src/units/errors.ts";
import { resourceOf, type Kind } from "./words.ts";

/** The first that lets go of pods which crash while they are under a network fault. */
const least = "2.8.3";

interface Controller extends Thing {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly { readonly image?: string }[] } } };
}

/** `2.8.3` of a label or an image's tag; undefined for `latest` and the like. */
export function versionOf({ metadata, spec }: Controller): string | undefined {
  const tag = spec.template.spec.containers.map(({ image }) => /:v?(\d+\.\d+\.\d+)/.exec(image ?? "")?.[1]).find((one) => one !== undefined);
  return tag ?? /^v?(\d+\.\d+\.\d+)/.exec(metadata.labels?.["app.kubernetes.io/version"] ?? "")?.[1];
}

/** Is the one version older than the other? Both of three numbers. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(".").map(Number));
  const at = [0, 1, 2].find((index) => a![index] !== b![index]);
  return at !== undefined && a![at]! < b![at]!;
}

/**
 * Is Chaos Mesh there, and new enough? A version that can't be told (another name of its
 * Deployment, no leave to list them) is let be: the fault's own answers say what does not work.
 *
 * @throws SEA_CHAOS_ABSENT, SEA_CHAOS_OLD
 */
export async function assertInstalled({ api, name, namespaces }: KubernetesCluster, kind: Kind): Promise<void> {
  try {
    await api.list(resourceOf(kind), { namespace: namespaces[0] ?? "default", labels: "seatrial.dev/storm=none" });
  } catch (error) {
    if (error instanceof SeatrialError && error.code === "SEA_KUBE_RESOURCE") throw problem("SEA_CHAOS_ABSENT", { cluster: name, kind, least }, undefined, error);
    throw error;
  }
  const controllers = await api
    .list<Controller>(deployments, { labels: "app.kubernetes.io/name=chaos-mesh,app.kubernetes.io/component=controller-manager" })
    .catch((error: unknown) => {
      if (error instanceof SeatrialError && error.code === "SEA_KUBE_FORBIDDEN") return [];
      throw error;
    });
  const old = controllers.map(versionOf).find((version) => version !== undefined && isOlder(version, least));
  if (old !== undefined) throw problem("SEA_CHAOS_OLD", { cluster: name, version: old, least });
}
