import type { Call } from "../api/api.ts";

/** Calls that somebody makes, in the words of an access rule: plain data, so that they can be asked about and printed. */
export interface Need {
  readonly verbs: readonly string[];
  readonly group: string;
  /** The plural; with its subresource, as `"pods/eviction"`. */
  readonly resource: string;
  /** True: in each of the namespaces that the place names. False: across the cluster. */
  readonly namespaced: boolean;
  /** In these namespaces in place of those that the place names. */
  readonly namespaces?: readonly string[];
  /** Only objects of these names. Not with list, watch or create, which know no name. */
  readonly names?: readonly string[];
  /** `"harm"`: only the inject makes them; who heals needs them not. */
  readonly for?: "harm";
}

/** Within a scope, who may do what: a namespace's, or the cluster's (undefined). */
export type Scope = string | undefined;

const scopesOf = (need: Need, namespaces: readonly string[]): readonly Scope[] => (need.namespaced ? (need.namespaces ?? namespaces) : [undefined]);

/** Every single call that the needs come to, each once. */
export function callsOf(needs: readonly Need[], namespaces: readonly string[]): readonly Call[] {
  const calls = new Map<string, Call>();
  for (const need of needs) {
    const [resource, subresource] = need.resource.split("/") as [string, string?];
    for (const namespace of scopesOf(need, namespaces)) {
      for (const verb of need.verbs) {
        for (const name of need.names ?? [undefined]) {
          const call = { verb, group: need.group, resource, ...(subresource !== undefined && { subresource }), ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) };
          calls.set(JSON.stringify(call), call);
        }
      }
    }
  }
  return [...calls.values()];
}

export const sayCall = ({ verb, group, resource, subresource, namespace, name }: Call): string =>
  `${verb} ${resource}${subresource === undefined ? "" : `/${subresource}`}${group === "" ? "" : `.${group}`}${name === undefined ? "" : ` ${name}`}${namespace === undefined ? " across the cluster" : ` in ${namespace}`}`;

/** The calls as needs again, for those that are missing. */
export const needOf = ({ verb, group, resource, subresource, namespace, name }: Call): Need => ({
  verbs: [verb], group, resource: subresource === undefined ? resource : `${resource}/${subresource}`,
  namespaced: namespace !== undefined, ...(namespace !== undefined && { namespaces: [namespace] }), ...(name !== undefined && { names: [name] }),
});

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** The least rules that allow the needs, by scope: one rule for each set of verbs within a group. */
export function rulesOf(needs: readonly Need[], namespaces: readonly string[]): ReadonlyMap<Scope, readonly Rule[]> {
  const verbsOf = new Map<Scope, Map<string, Set<string>>>();
  for (const { verb, group, resource, subresource, namespace, name } of callsOf(needs, namespaces)) {
    const within = verbsOf.get(namespace) ?? new Map<string, Set<string>>();
    verbsOf.set(namespace, within);
    const key = JSON.stringify([group, subresource === undefined ? resource : `${resource}/${subresource}`, name ?? ""]);
    within.set(key, (within.get(key) ?? new Set()).add(verb));
  }
  return new Map([...verbsOf].map(([scope, within]) => [scope, merged(within)]));
}

function merged(within: ReadonlyMap<string, ReadonlySet<string>>): Rule[] {
  const rules = new Map<string, { group: string; name: string; verbs: string[]; resources: string[] }>();
  for (const [key, verbs] of within) {
    const [group, resource, name] = JSON.parse(key) as [string, string, string];
    // What any object of the resource allows need not be said again for one of them.
    const left = [...verbs].filter((verb) => name === "" || !within.get(JSON.stringify([group, resource, ""]))?.has(verb)).sort();
    if (left.length === 0) continue;
    const same = JSON.stringify([group, name, left]);
    const rule = rules.get(same) ?? { group, name, verbs: left, resources: [] };
    rules.set(same, rule);
    rule.resources.push(resource);
  }
  return [...rules.values()].map(({ group, name, verbs, resources }) => ({ apiGroups: [group], resources: resources.sort(), ...(name !== "" && { resourceNames: [name] }), verbs }));
}
