import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { healingNeedsOf, needsOf } from "../../../../drivers/kubernetes/consent/needed.ts";
import { callsOf, needOf, rulesOf, sayCall, type Need, type Rule } from "../../../../drivers/kubernetes/consent/needs.ts";
import { rolesOf, sayManifests, subjectOf } from "../../../../drivers/kubernetes/consent/roles.ts";
import { badCanary, nodeLoss, podLoss, undo } from "../../../../src/index.ts";
import type { Call } from "../../../../drivers/kubernetes/api/api.ts";

const need = (more: Partial<Need>): Need => ({ verbs: ["get"], group: "", resource: "pods", namespaced: true, ...more });

/** What an API server would say of a call, by the rules of its scope. */
const allows = (rules: ReadonlyMap<string | undefined, readonly Rule[]>, { verb, group, resource, subresource, namespace, name }: Call): boolean =>
  [rules.get(namespace), rules.get(undefined)].flatMap((one) => one ?? []).some((rule) =>
    rule.apiGroups.includes(group) && rule.resources.includes(subresource === undefined ? resource : `${resource}/${subresource}`) && rule.verbs.includes(verb) &&
    (rule.resourceNames === undefined || (name !== undefined && rule.resourceNames.includes(name))));

describe("needs as calls", () => {
  test("each verb in each namespace, once", () => {
    expect(callsOf([need({ verbs: ["list", "watch"] }), need({ verbs: ["list"] })], ["a", "b"]).map(sayCall)).toEqual(["list pods in a", "watch pods in a", "list pods in b", "watch pods in b"]);
  });

  test("across the cluster, in other namespaces, of a subresource, by name", () => {
    const calls = callsOf([need({ namespaced: false, resource: "nodes", names: ["n1"] }), need({ namespaces: ["c"], resource: "pods/eviction", verbs: ["create"] }), need({ group: "apps", resource: "deployments" })], ["a"]);
    expect(calls.map(sayCall)).toEqual(["get nodes n1 across the cluster", "create pods/eviction in c", "get deployments.apps in a"]);
    expect(callsOf(calls.map(needOf), ["elsewhere"])).toEqual(calls);
  });
});

const anyNeed: fc.Arbitrary<Need> = fc
  .record({ verbs: fc.subarray(["get", "list", "create", "delete"], { minLength: 1 }), group: fc.constantFrom("", "apps"), resource: fc.constantFrom("pods", "nodes", "pods/exec"), namespaced: fc.boolean(), names: fc.option(fc.subarray(["x", "y"], { minLength: 1 }), { nil: undefined }) })
  .map(({ names, ...rest }) => ({ ...rest, ...(names && { names }) }));

describe("needs as rules", () => {
  test("allow every call, and nothing beside", () => {
    const every = ["get", "list", "create", "delete"].flatMap((verb) => ["", "apps"].flatMap((group) => ["pods", "nodes", "pods/exec"].flatMap((path) => [undefined, "a", "b"].flatMap((namespace) => [undefined, "x", "y"].map((name): Call => {
      const [resource, subresource] = path.split("/") as [string, string?];
      return { verb, group, resource, ...(subresource !== undefined && { subresource }), ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) };
    })))));
    fc.assert(
      fc.property(fc.array(anyNeed, { maxLength: 6 }), (needs) => {
        const rules = rulesOf(needs, ["a"]);
        const calls = callsOf(needs, ["a"]);
        for (const call of calls) expect(allows(rules, call)).toBe(true);
        for (const call of every) {
          const wanted = calls.some((one) => one.verb === call.verb && one.group === call.group && one.resource === call.resource && one.subresource === call.subresource && (one.namespace === undefined || one.namespace === call.namespace) && (one.name === undefined || one.name === call.name));
          expect(allows(rules, call)).toBe(wanted);
        }
      }),
    );
  });

  test("of one set of verbs stand together", () => {
    const rules = rulesOf([need({ verbs: ["list", "watch"] }), need({ verbs: ["watch", "list"], resource: "services" })], ["a"]);
    expect(rules.get("a")).toEqual([{ apiGroups: [""], resources: ["pods", "services"], verbs: ["list", "watch"] }]);
  });
});

describe("what a run needs", () => {
  const sailing = { namespaces: ["shop", "cart"], services: ["shop"], machines: [need({ verbs: ["create"], resource: "pods/exec", namespaces: ["agents"] })] };
  const storm = (fault: unknown, recovery?: unknown) => [{ fault, recovery } as Parameters<typeof needsOf>[0][number]];
  const said = (needs: readonly Need[]) => callsOf(needs, sailing.namespaces).map(sayCall);

  test("without a storm it reads, and does nothing else", () => {
    expect(said(needsOf([], sailing)).filter((call) => !/^(list|watch|get) /.test(call))).toEqual([]);
  });

  test("records go to the first namespace, and are looked for in all", () => {
    expect(said(needsOf(storm(podLoss("shop")), sailing)).filter((call) => call.includes("configmaps"))).toEqual(["list configmaps in shop", "list configmaps in cart", "create configmaps in shop", "delete configmaps in shop"]);
  });

  test("a fault adds its own: a neutral one by its kind, one for Kubernetes by what it says", () => {
    expect(said(needsOf(storm(podLoss("shop")), sailing))).toContain("delete pods in shop");
    expect(said(needsOf(storm(nodeLoss()), sailing))).toEqual(expect.arrayContaining(["create pods/exec in agents", "list pods across the cluster"]));
    expect(said(needsOf(storm({ ...podLoss("shop"), kind: "own", needs: [need({ verbs: ["patch"] })] }), sailing))).toContain("patch pods in cart");
    expect(said(needsOf(storm({ ...podLoss("shop"), kind: "own" }, undo()), sailing))).toContain("patch deployments.apps in shop");
  });

  test("who heals needs less: neither what harms, nor what the guard looks at", () => {
    const heals = said(healingNeedsOf(storm(podLoss("shop")), sailing));
    for (const call of ["create configmaps in shop", "delete pods in shop", "get namespaces shop across the cluster"]) expect(heals).not.toContain(call);
    expect(heals).toContain("delete configmaps in shop");
    expect(said(healingNeedsOf(storm(badCanary("shop", { version: "bad" })), sailing))).toContain("patch deployments.apps in shop");
  });
});

describe("manifests", () => {
  test.each([
    ["user:mary@example.com", { kind: "User", name: "mary@example.com" }],
    ["group:team/sre", { kind: "Group", name: "team/sre" }],
    ["serviceaccount:shop/seatrial", { kind: "ServiceAccount", name: "seatrial", namespace: "shop" }],
  ])("%s is somebody", (text, expected) => expect(subjectOf(text)).toEqual(expected));

  test.each(["mary", "user:", "serviceaccount:seatrial", "role:x", "serviceaccount:a/b/c"])("%s is nobody", (text) => expect(() => subjectOf(text)).toThrow(expect.objectContaining({ code: "SEA_SUBJECT" })));

  test("are a Role for each namespace, a ClusterRole for the rest, and their bindings", async () => {
    const yaml = await sayManifests(rolesOf([need({}), need({ namespaced: false, resource: "nodes" })], ["a", "b"], { name: "seatrial", subject: subjectOf("user:mary") }));
    const documents = parseAllDocuments(yaml).map((one) => one.toJS() as { kind: string; metadata: { namespace?: string }; rules?: unknown });
    expect(documents.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([["Role", "a"], ["RoleBinding", "a"], ["Role", "b"], ["RoleBinding", "b"], ["ClusterRole", undefined], ["ClusterRoleBinding", undefined]]);
    expect(documents[0]!.rules).toEqual([{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }]);
  });
});
