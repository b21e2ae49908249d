import { problem } from "../../../src/units/errors.ts";
import { rulesOf, type Need } from "./needs.ts";

/** Who is allowed what: as a binding names it. */
export interface Subject {
  readonly kind: "User" | "Group" | "ServiceAccount";
  readonly name: string;
  readonly namespace?: string;
}

/**
 * `"user:mary"`, `"group:sre"`, `"serviceaccount:shop/seatrial"`.
 *
 * @throws SEA_SUBJECT for anything else
 */
export function subjectOf(text: string): Subject {
  const match = /^(user|group|serviceaccount):(?:([a-z0-9-]+)\/)?(.+)$/i.exec(text);
  const [kind, namespace, name] = [match?.[1]?.toLowerCase(), match?.[2], match?.[3]];
  if (kind === "user" || kind === "group") return { kind: kind === "user" ? "User" : "Group", name: text.slice(kind.length + 1) };
  if (kind !== "serviceaccount" || namespace === undefined || name === undefined || name.includes("/")) throw problem("SEA_SUBJECT", { value: text }, "--for");
  return { kind: "ServiceAccount", name, namespace };
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

const group = "rbac.authorization.k8s.io";
export const managed = { "app.kubernetes.io/managed-by": "seatrial" } as const;

/** The least Role for each namespace, the least ClusterRole for the rest, and with a subject their bindings. */
export function rolesOf(needs: readonly Need[], namespaces: readonly string[], { name, subject }: { readonly name: string; readonly subject?: Subject }): readonly Manifest[] {
  const manifests: Manifest[] = [];
  for (const [namespace, rules] of rulesOf(needs, namespaces)) {
    const kind = namespace === undefined ? "ClusterRole" : "Role";
    const metadata = { name, ...(namespace !== undefined && { namespace }), labels: managed };
    manifests.push({ apiVersion: `${group}/v1`, kind, metadata, rules });
    if (!subject) continue;
    const who = subject.kind === "ServiceAccount" ? subject : { apiGroup: group, ...subject };
    manifests.push({ apiVersion: `${group}/v1`, kind: `${kind}Binding`, metadata, roleRef: { apiGroup: group, kind, name }, subjects: [who] });
  }
  return manifests;
}

/** As YAML documents, for `kubectl apply -f -`. */
export async function sayManifests(manifests: readonly Manifest[]): Promise<string> {
  const { stringify } = await import("yaml");
  return manifests.map((one) => stringify(one, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");
}
