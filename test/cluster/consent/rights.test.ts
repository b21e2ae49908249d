import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { connect, resources, type Thing } from "../../../drivers/kubernetes/index.ts";
import type { Rule } from "../../../drivers/kubernetes/consent/needs.ts";
import { call } from "../../world/kubernetes/control/call.ts";
import { kubeconfigText } from "../../world/kubernetes/pki/kubeconfig.ts";
import { pkiOf } from "../../world/kubernetes/pki/authority.ts";
import { clock, embark, summaryOf, until } from "../../cli/seatrial.ts";
import { bed, describeInBed } from "../bed.ts";
import { allowed, ashore, imageOf, person, recordsIn, storms, struck, thingsIn, type Shore } from "./shore.ts";

/** Rules with one of their verbs taken out, one after the other. */
function* lessOne(things: readonly Thing[]): Generator<{ readonly things: readonly Thing[]; readonly verb: string; readonly resource: string }> {
  for (const [at, thing] of things.entries()) {
    for (const [index, rule] of ((thing["rules"] ?? []) as readonly Rule[]).entries()) {
      const [resource] = rule.resources as [string, ...string[]];
      const [verb] = rule.verbs as [string, ...string[]];
      const rules = (thing["rules"] as readonly Rule[]).flatMap((one, other) => {
        if (other !== index) return [one];
        const rest = [{ ...one, resources: one.resources.slice(1) }, { ...one, resources: [resource], verbs: one.verbs.slice(1) }];
        return rest.filter(({ resources, verbs }) => resources.length > 0 && verbs.length > 0);
      });
      yield { verb, resource, things: things.map((one, other) => (other === at ? { ...thing, rules } : one)) };
    }
  }
}

describeInBed("access rules", () => {
  test.each(["pod-loss", "bad-canary"] as const)("somebody with exactly what rbac prints for a %s can run it, and with any verb less plan says which", (kind) =>
    ashore(async (shore) => {
      const name = `${shore.namespace}-${kind}`;
      const mary = person(name);
      shore.scenario("trial.ts", storms[kind]);
      const { out: yaml } = await shore.seatrial(["rbac", "trial.ts", "--name", name, "--for", `user:${name}`]);
      const things = thingsIn(yaml);
      expect(things.map((one) => one.kind)).toEqual(["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"]);

      const bare = await shore.seatrial(["plan", "trial.ts", "--on", bed.name], mary);
      expect(bare.out).toMatch(/(\d+) of \1 calls of a run are NOT allowed/);

      await allowed(shore.api, things, async () => {
        expect((await shore.seatrial(["plan", "trial.ts", "--on", bed.name], mary)).out).toMatch(/permission: all \d+ calls of a run are allowed[\s\S]*storm: (pod|release)/);
        const { code, err, out } = await shore.seatrial(["run", "trial.ts", "--harm", bed.name, "--out", "run"], mary);
        expect(`${out}${err}`).not.toContain("SEA_KUBE_FORBIDDEN");
        expect([0, 2]).toContain(code);
        expect(await recordsIn(shore)).toEqual([]);

        let tried = 0;
        for (const less of lessOne(things)) {
          for (const thing of less.things) if (thing["rules"]) await shore.api.apply(thing.kind === "Role" ? resources.roles : resources.clusterRoles, thing);
          const { out } = await shore.seatrial(["plan", "trial.ts", "--on", bed.name], mary);
          expect(out).toMatch(new RegExp(`NOT allowed:\\n  ${less.verb} ${less.resource}\\b`));
          const [remedy] = thingsIn(out.slice(out.indexOf("apiVersion: "), out.indexOf("\ntargets")));
          expect(remedy!["rules"]).toEqual([expect.objectContaining({ resources: [less.resource], verbs: [less.verb] })]);
          tried += 1;
        }
        expect(tried).toBeGreaterThanOrEqual(5);
      });
    }), 400_000);

  /** Begins a run as somebody, does away with their rights once the harm is done, stops it where it would go on, and waits for the end. */
  async function robbed(shore: Shore, kubeconfig: string, rob: () => Promise<void>, stops = false): Promise<{ code: number | null; err: string; out: string }> {
    const voyage = embark(["run", "trial.ts", "--harm", bed.name, "--out", "run", "--report", "json"], { cwd: shore.home.folder, env: { KUBECONFIG: kubeconfig }, withinMs: 300_000 });
    await struck(voyage, shore.home.path("run", "ledger.ndjson"));
    await rob();
    if (stops) voyage.press();
    return voyage.ended;
  }

  test("rights that are taken away while the platform repairs: harm is not left, and the rule that is missing is told", () =>
    ashore(async (shore) => {
      const name = `${shore.namespace}-loss`;
      shore.scenario("trial.ts", storms["pod-loss"]);
      const things = thingsIn((await shore.seatrial(["rbac", "trial.ts", "--name", name, "--for", `user:${name}`])).out);
      await allowed(shore.api, things, async () => {
        const { code, err } = await robbed(shore, person(name), () => shore.api.remove(resources.roleBindings, name, shore.namespace));
        expect(code).not.toBe(4);
        expect(code).not.toBe(3);
        expect(err).toMatch(/is healed, but its undo record .* could not be cleared: SEA_KUBE_FORBIDDEN[\s\S]*delete configmaps[\s\S]*verbs: \["delete"\]/);
        expect(await recordsIn(shore)).toHaveLength(1);
        expect(await shore.seatrial(["run", "trial.ts", "--harm", bed.name])).toMatchObject({ code: 3, err: expect.stringMatching(/SEA_OTHER_RUN[\s\S]*seatrial heal --on/) });
        expect(await shore.seatrial(["heal", "--on", bed.name])).toMatchObject({ code: 0, out: expect.stringContaining("healed: pod-loss") });
        expect(await recordsIn(shore)).toEqual([]);
      });
    }), 300_000);

  test.each<[string, RegExp, (shore: Shore, name: string) => Promise<void>]>([
    ["a binding that is taken away", /SEA_KUBE_FORBIDDEN/, ({ api, namespace }, name) => api.remove(resources.roleBindings, name, namespace)],
    ["an account that is deleted", /SEA_KUBE_UNAUTHORISED/, async ({ api, namespace, home }, name) => {
      await api.remove(resources.serviceAccounts, name, namespace);
      // The server believes a token for some seconds more.
      const account = await connect({ context: bed.name, kubeconfig: home.path("account.kubeconfig"), clock });
      await until("that the token is refused", () => account.list(resources.pods, { namespace }).then(() => false, () => true), 60_000);
      account.close();
    }],
  ])("%s leaves harm: exit code 4, until somebody who may heals it from elsewhere", (_, says, rob) =>
    ashore(async (shore) => {
      const { api, namespace } = shore;
      const name = `${namespace}-canary`;
      shore.scenario("trial.ts", storms["stuck-canary"]);
      const things = thingsIn((await shore.seatrial(["rbac", "trial.ts", "--name", name, "--for", `serviceaccount:${namespace}/${name}`])).out);
      await api.apply(resources.serviceAccounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } });
      const { body } = await call(bed, "POST", `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} });
      shore.home.write({ "account.kubeconfig": kubeconfigText(bed.name, name, readFileSync(pkiOf(bed).authority, "utf8"), { token: body.status.token as string }) });
      await allowed(api, things, async () => {
        const { code, err } = await robbed(shore, shore.home.path("account.kubeconfig"), () => rob(shore, name), true);
        expect(code, err).toBe(4);
        expect(`${err}${JSON.stringify(summaryOf(shore.home.path("run")))}`).toMatch(says);
        expect(await imageOf(shore)).toBe("seatrial.test/service:crash");
        expect(await recordsIn(shore)).toHaveLength(1);
        expect(await shore.seatrial(["heal", "--on", bed.name, "--run", String((await recordsIn(shore))[0]!.metadata.labels!["seatrial.dev/run"])])).toMatchObject({ code: 0 });
        expect(await imageOf(shore)).toBe("seatrial.test/service:v1");
        expect(await recordsIn(shore)).toEqual([]);
      });
    }), 500_000);
});
