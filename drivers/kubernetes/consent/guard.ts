import type { Consent, Guard, Intent } from "../../../src/model/consent.ts";
import type { Target } from "../../../src/model/fault.ts";
import { problem, SeatrialError } from "../../../src/units/errors.ts";
import type { Api, Thing } from "../api/api.ts";
import * as resources from "../api/resources.ts";
import { otherRun, type Records } from "../undo/records.ts";
import { controlPlaneTargets, lastReplicas, memberOf, ownTargets, systemTargets, type Member, type Placed } from "./protected.ts";
import { signsInLabels, signsInNames } from "./signs.ts";

export interface GuardParts {
  readonly api: Api;
  readonly run: string;
  /** Those that the place names; the first is home, where things go by their plain names and records are kept. */
  readonly namespaces: readonly string[];
  /** What else is called by a name: the kubeconfig's cluster, the server. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly consent: Consent | undefined;
  readonly records: Records;
  /** The pod that this process runs in, where it runs in one. */
  readonly self: { readonly name: string; readonly namespace: string } | undefined;
}

/** Stands before every harm to a real cluster. */
export class KubernetesGuard implements Guard {
  readonly #parts: GuardParts;
  #signs: Promise<readonly string[]> | undefined;

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** Read once: names and labels do not change in an hour, and a storm that did would be told too late. */
  signs(): Promise<readonly string[]> {
    this.#signs ??= this.#look();
    this.#signs.catch(() => (this.#signs = undefined));
    return this.#signs;
  }

  async #look(): Promise<readonly string[]> {
    const { api, namespaces, names } = this.#parts;
    const found = await Promise.all(namespaces.map((name) => api.read(resources.namespaces, name)));
    const nodes = await api.list(resources.nodes);
    return [
      ...signsInNames({ context: [api.context], ...names, namespace: namespaces }),
      ...signsInLabels("namespace", found.filter((one) => one !== undefined)),
      ...signsInLabels("node", nodes),
    ];
  }

  async closed(): Promise<readonly SeatrialError[]> {
    const { api, run, consent, records } = this.#parts;
    const cluster = api.context;
    const against: SeatrialError[] = [];
    if (consent?.harm !== cluster) against.push(problem("SEA_NO_CONSENT", { cluster }, "--harm"));
    const signs = await this.signs();
    if (signs.length > 0 && consent?.even !== "production") against.push(problem("SEA_PRODUCTION", { cluster, signs: signs.join("; ") }, "--even"));
    return [...against, ...(await records.others(run)).map((record) => otherRun(cluster, record))];
  }

  async against({ targets: given, may }: Intent): Promise<readonly SeatrialError[]> {
    const even = may.even ?? {};
    const targets = given.map((target) => this.#placed(target));
    const [nodes, pods] = await Promise.all([this.#parts.api.list(resources.nodes), this.#members(targets)]);
    return [
      ...this.#elsewhere(targets),
      ...systemTargets(targets, even),
      ...controlPlaneTargets(targets, nodes, even),
      ...lastReplicas(targets, pods, even),
      ...ownTargets(targets, pods, even),
    ];
  }

  /** As the port names things: those of the first namespace by their plain names. */
  #placed(target: Target): Placed {
    const [home] = this.#parts.namespaces;
    if (target.what === "node" || target.what === "namespace" || target.what === "data") return { ...target, namespace: undefined };
    if (target.namespace !== undefined || target.what === "object") return { ...target, namespace: target.namespace ?? home };
    const [first, ...rest] = target.name.split("/") as [string, ...string[]];
    return rest.length === 0 ? { ...target, namespace: home } : { ...target, namespace: first, name: rest.join("/") };
  }

  /** The pods of the namespaces that matter; with nodes among the targets, all that we may see. */
  async #members(targets: readonly Placed[]): Promise<readonly Member[]> {
    const { api, namespaces, self } = this.#parts;
    const seen = async (): Promise<readonly Thing[]> => {
      if (targets.some(({ what }) => what === "node")) {
        try {
          return await api.list(resources.pods);
        } catch (error) {
          if (!(error instanceof SeatrialError && error.code === "SEA_KUBE_FORBIDDEN")) throw error;
        }
      }
      const wanted = new Set([...namespaces, ...targets.flatMap(({ namespace }) => namespace ?? [])]);
      return (await Promise.all([...wanted].map((namespace) => api.list(resources.pods, { namespace })))).flat();
    };
    return (await seen()).map((pod) => memberOf(pod, self));
  }

  /** What is in a namespace that nobody named, and the namespace that our own records are in. */
  #elsewhere(targets: readonly Placed[]): SeatrialError[] {
    const { namespaces } = this.#parts;
    const strange = [...new Set(targets.flatMap(({ namespace }) => namespace ?? []))].filter((namespace) => !namespaces.includes(namespace));
    const lost = targets.some(({ what, name }) => what === "namespace" && name === namespaces[0]);
    return [
      ...strange.map((namespace) => problem("SEA_NAMESPACE_UNNAMED", { namespace, named: namespaces.join(", ") })),
      ...(lost ? [problem("SEA_UNDO_INSIDE", { namespace: namespaces[0]! })] : []),
    ];
  }
}
