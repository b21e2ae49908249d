import type { Call } from "./api.ts";

/**
 * The access rule that would allow a call, as YAML in flow style: it can be applied as it is, also where
 * a log has put it on one line.
 *
 * @example ruleFor({ verb: "delete", group: "", resource: "pods", namespace: "shop" })
 */
export function ruleFor({ verb, group, resource, subresource, namespace }: Call): string {
  const quoted = (text: string) => JSON.stringify(text);
  const kind = namespace === undefined ? "ClusterRole" : "Role";
  const where = namespace === undefined ? "" : `, namespace: ${quoted(namespace)}`;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `{ apiVersion: rbac.authorization.k8s.io/v1, kind: ${kind}, metadata: { name: seatrial${where} },\n  rules: [{ apiGroups: [${quoted(group)}], resources: [${quoted(what)}], verbs: [${quoted(verb)}] }] }`;
}
