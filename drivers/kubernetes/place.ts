import type { MayLose, Place, PlaceContext, Plain } from "../../src/model/cluster.ts";
import { problem } from "../../src/units/errors.ts";
import { connect } from "./api/client.ts";
import type { MadeContext } from "./api/config.ts";
import { openCaches } from "./cluster/caches.ts";
import type { KubernetesCluster } from "./cluster/cluster.ts";
import { LiveCluster } from "./cluster/live.ts";
import { guardOf } from "./consent/guarded.ts";
import { needsOf, type Sailing } from "./consent/needed.ts";
import { permitsOf } from "./consent/permits.ts";
import { signsInNames } from "./consent/signs.ts";
import { Names } from "./cluster/names.ts";
import { findServices } from "./cluster/services.ts";
import type { Machines } from "./machines/machines.ts";
import { Records } from "./undo/records.ts";

/** What `kubernetes({ … })` takes. */
export interface KubernetesSettings {
  /** The context of the kubeconfig: always named, never the current one. `"in-cluster"` in a pod. It is what `--on` names. */
  readonly context: string;
  /** At least one. The first one's things go by their plain names, those of the others by `namespace/name`. Nothing else is read or harmed. */
  readonly namespaces: readonly string[];
  /** Default: the files of KUBECONFIG, or ~/.kube/config. */
  readonly kubeconfig?: string;
  /**
   * Services that drivers can name: their addresses, or names whose address is found when the cluster is
   * opened (in a pod by DNS; else a load balancer, or a port on the nodes). Default: none.
   */
  readonly services?: readonly string[] | Readonly<Record<string, string>>;
  /** Who can stop nodes and cut them off. Default: nobody, and such faults are refused. */
  readonly machines?: Machines;
  /** The label of nodes that names their pool; those of EKS, Karpenter, eksctl, GKE and AKS are known. */
  readonly poolLabel?: string;
  /** What a trial may break. Default: nothing. */
  readonly mayLose?: MayLose;
}

/** A place that opens a real cluster. */
export interface KubernetesPlace extends Place<KubernetesCluster> {
  readonly kind: "kubernetes";
  readonly namespaces: readonly string[];
  /** For `seatrial rbac` and `seatrial reaper`: what any run there needs. */
  readonly sailing: Sailing;
}

/** What `heal` needs to find the cluster again. */
export interface KubernetesAddress extends Found {
  /** What the scenario calls it, where that is not the context. */
  readonly name?: string;
  readonly kubeconfig?: string;
  readonly namespaces: readonly string[];
  readonly poolLabel?: string;
  readonly machines?: { readonly kind: string; readonly address: Plain };
}

/** A namespace's name, as the server has it. */
const isNamespace = (name: unknown): boolean => typeof name === "string" && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name);

/**
 * A real cluster, by a context of the kubeconfig. `open` reads, and starts nothing.
 *
 * @throws SEA_KUBE_SETTING for settings that can't be used
 * @example
 * kubernetes({ context: "shop-staging", namespaces: ["shop"], services: ["shop"], mayLose: { pods: 1 } })
 */
export function kubernetes(settings: KubernetesSettings): KubernetesPlace {
  return placeOf(settings, async () => ({ context: settings.context }));
}

/** The context by which a place is opened. */
export interface Found {
  readonly context: string;
  /** Where no kubeconfig has it. */
  readonly made?: MadeContext;
}

/** @param find asked once, when the place is opened */
export function placeOf(settings: KubernetesSettings, find: (place: PlaceContext) => Promise<Found>): KubernetesPlace {
  const { context, namespaces, kubeconfig, services = [], machines, poolLabel, mayLose = {} } = settings;
  const wrong = (setting: string, value: unknown, form: string) => problem("SEA_KUBE_SETTING", { setting, value: String(value), form }, `kubernetes.${setting}`);
  if (typeof context !== "string" || context === "") throw wrong("context", context, "a context of the kubeconfig by its name: kubectl config get-contexts");
  if (!Array.isArray(namespaces) || namespaces.length === 0) throw wrong("namespaces", namespaces, 'a list of at least one, such as ["shop"]');
  for (const namespace of namespaces) if (!isNamespace(namespace)) throw wrong("namespaces", namespace, "names of namespaces: small letters, digits and -");
  const given = Array.isArray(services) ? {} : (services as Readonly<Record<string, string>>);
  for (const [name, url] of Object.entries(given)) if (!URL.canParse(url)) throw wrong(`services.${name}`, url, "a URL, or a list of names to be found");
  const names = Array.isArray(services) ? (services as readonly string[]) : Object.keys(given);
  const sailing: Sailing = { namespaces, services: names.filter((name) => given[name] === undefined), machines: machines?.rules ?? [] };
  let found: Found | undefined;

  const open = async (place: PlaceContext): Promise<KubernetesCluster> => {
    found ??= await find(place);
    return openCluster({ name: context, context: found.context, made: found.made, namespaces, kubeconfig, machines, poolLabel, names, given, address }, place);
  };
  const address = (): Plain => {
    const known: KubernetesAddress = {
      ...(found ?? { context }), ...(found && found.context !== context && { name: context }), namespaces, ...(kubeconfig !== undefined && { kubeconfig }),
      ...(poolLabel !== undefined && { poolLabel }), ...(machines && { machines: { kind: machines.kind, address: machines.address } }),
    };
    return known as unknown as Plain;
  };
  return {
    kind: "kubernetes",
    name: context,
    namespaces,
    mayLose,
    signs: signsInNames({ context: [context], namespace: namespaces }),
    services: names,
    sailing,
    get address() {
      return address();
    },
    open,
    look: open,
    async permits(place, storms) {
      found ??= await find(place);
      const api = await connect({ context: found.context, kubeconfig, made: found.made, clock: place.clock });
      try {
        return await permitsOf(api, needsOf(storms, sailing), namespaces);
      } finally {
        api.close();
      }
    },
  };
}

interface OpenSettings {
  /** What `--on` names; default the context. */
  readonly name?: string | undefined;
  readonly context: string;
  readonly namespaces: readonly string[];
  readonly kubeconfig: string | undefined;
  readonly made: MadeContext | undefined;
  readonly machines: Machines | undefined;
  readonly poolLabel: string | undefined;
  readonly names: readonly string[];
  readonly given: Readonly<Record<string, string>>;
  /** What another process needs to find the cluster again. */
  readonly address: () => Plain;
}

/** @throws SEA_KUBE_SERVICE for a service that can't be reached from here, and what calls throw */
export async function openCluster({ name, context, made, namespaces, kubeconfig, machines, poolLabel, names, given, address }: OpenSettings, place: PlaceContext): Promise<KubernetesCluster> {
  const api = await connect({ context, kubeconfig, made, clock: place.clock, say: (line) => place.say(line) });
  const ending = new AbortController();
  try {
    place.say(`context ${context}: ${api.server}, Kubernetes ${await api.version()}, namespace${namespaces.length === 1 ? "" : "s"} ${namespaces.join(", ")}`);
    const caches = await openCaches(api, place.clock, namespaces, AbortSignal.any([ending.signal, place.signal]));
    const services = await findServices(api, names, given, namespaces, () => caches.nodes.all());
    for (const service of names) if (services.get(service)?.() === undefined) throw problem("SEA_KUBE_SERVICE", { service, namespaces: namespaces.join(", ") }, "kubernetes.services");
    const records = new Records(api, { home: namespaces[0]!, namespaces, place: address, beside: place.consent?.beside ?? [] });
    const guard = await guardOf({ api, kubeconfig, made, namespaces, records, run: place.run, consent: place.consent });
    return new LiveCluster({
      name: name ?? context, api, run: place.run, namespaces, names: new Names(namespaces), caches, services, machines, records, guard, poolLabel,
      end: () => {
        ending.abort(new Error("the cluster was closed"));
        api.close();
      },
    });
  } catch (error) {
    ending.abort(error);
    api.close();
    throw error;
  }
}
