import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { resources } from "../../../drivers/kubernetes/index.ts";
import { embark, makeHome } from "../../cli/seatrial.ts";
import { call } from "../../world/kubernetes/control/call.ts";
import { pkiOf } from "../../world/kubernetes/pki/authority.ts";
import { kubeconfigText } from "../../world/kubernetes/pki/kubeconfig.ts";
import { bed, describeInBed } from "../bed.ts";
import { allowed, ashore, imageOf, recordsIn, storms, struck, thingsIn } from "./shore.ts";

interface Work {
  readonly template: { readonly spec: { readonly serviceAccountName: string; readonly containers: readonly { readonly command: readonly string[] }[] } };
}

describeInBed("the reaper", () => {
  test("heals with its own account what is past its deadline, and nothing before; the server takes it as a Job and as a CronJob", () =>
    ashore(async (shore) => {
      const { api, namespace } = shore;
      shore.scenario("canary.ts", storms["stuck-canary"]);
      const voyage = embark(["run", "canary.ts", "--harm", bed.name, "--out", "run"], { cwd: shore.home.folder, env: { KUBECONFIG: bed.kubeconfig } });
      await struck(voyage, shore.home.path("run", "ledger.ndjson"));
      voyage.kill();
      await voyage.ended;

      const name = `${namespace}-reaper`;
      const { out } = await shore.seatrial(["reaper", "canary.ts", "--image", "seatrial.test/busybox:1", "--name", name, "--for", "1s"]);
      const things = thingsIn(out);
      await allowed(api, things, async () => {
        const { template } = things.find(({ kind }) => kind === "Job")!["spec"] as Work;
        const account = template.spec.serviceAccountName;
        const { body } = await call(bed, "POST", `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} });
        const [program, ...args] = template.spec.containers[0]!.command;
        expect(program).toBe("seatrial");
        const pod = makeHome({ kubeconfig: kubeconfigText("in-cluster", account, readFileSync(pkiOf(bed).authority, "utf8"), { token: body.status.token as string }) });
        const reap = () => embark(args, { cwd: pod.folder, env: { KUBECONFIG: pod.path("kubeconfig") }, withinMs: 180_000 }).ended;
        try {
          expect(await reap()).toMatchObject({ code: 0, out: expect.stringContaining("nothing to heal") });
          expect(await imageOf(shore)).toBe("seatrial.test/service:crash");

          const [record] = await recordsIn(shore);
          const said = JSON.parse((record!["data"] as { readonly record: string }).record) as object;
          await api.patch(resources.configMaps, record!.metadata.name, namespace, { merge: { data: { record: JSON.stringify({ ...said, deadlineMs: 1 }) } } });
          expect(await reap()).toMatchObject({ code: 0, out: expect.stringContaining("healed: bad-canary") });
          expect(await imageOf(shore)).toBe("seatrial.test/service:v1");
          expect(await recordsIn(shore)).toEqual([]);
        } finally {
          pod.remove();
        }
      });

      const cron = thingsIn((await shore.seatrial(["reaper", "canary.ts", "--image", "seatrial.test/busybox:1", "--name", name, "--schedule", "* * * * *"])).out).find(({ kind }) => kind === "CronJob")!;
      const reply = await call(bed, "POST", `/apis/batch/v1/namespaces/${namespace}/cronjobs?dryRun=All&fieldValidation=Strict`, cron);
      expect(reply.status, JSON.stringify(reply.body)).toBe(201);
    }), 300_000);
});
