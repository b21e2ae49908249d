import { expect, test } from "vitest";
import { resources } from "../../../drivers/kubernetes/index.ts";
import { Records } from "../../../drivers/kubernetes/undo/records.ts";
import type { Debt } from "../../../src/model/cluster.ts";
import { embark, makeHome } from "../../cli/seatrial.ts";
import { bed, describeInBed } from "../bed.ts";
import { ashore, imageOf, recordsIn, storms, struck, type Shore } from "./shore.ts";

const debt = (run: string, index = 0): Debt => ({ id: `${run}/${index}`, run, fault: "pod-loss", aim: { targets: [{ what: "pod", name: "shop-1" }] }, deadlineMs: 1_800_000_000_000 });
const recordsOf = ({ api, namespace }: Shore, beside: readonly string[] = []) => new Records(api, { home: namespace, namespaces: [namespace], place: () => ({ context: bed.name }), beside });

describeInBed("undo records", () => {
  test("of two runs that come at the same moment exactly one goes on, and the other leaves nothing", () =>
    ashore(async (shore) => {
      const [one, two] = [recordsOf(shore), recordsOf(shore)];
      for (let turn = 0; turn < 25; turn++) {
        const [a, b] = [`a-${shore.namespace}-${turn}`, `b-${shore.namespace}-${turn}`];
        const ended = await Promise.allSettled([one.owe(debt(a)), two.owe(debt(b))]);
        expect(ended.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
        expect(ended.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "SEA_OTHER_RUN" } });
        const [left, ...others] = await recordsIn(shore);
        expect(others).toEqual([]);
        expect(left!.metadata.labels!["seatrial.dev/run"]).toBe(ended[0].status === "fulfilled" ? a : b);
        for (const run of [a, b]) await one.settle(debt(run).id);
      }
    }));

  test("a run may have several, is not in its own way, and may be told to go on beside another", () =>
    ashore(async (shore) => {
      const own = recordsOf(shore);
      const run = `r-${shore.namespace}`;
      await own.owe(debt(run, 0));
      await own.owe(debt(run, 1));
      await own.owe({ ...debt(run, 1), deadlineMs: 1_900_000_000_000 });
      const open = (await own.debts()).filter((one) => one.run === run);
      expect(open.map(({ id, deadlineMs }) => [id, deadlineMs]).sort()).toEqual([[`${run}/0`, 1_800_000_000_000], [`${run}/1`, 1_900_000_000_000]]);
      await expect(recordsOf(shore).owe(debt("other"))).rejects.toMatchObject({ code: "SEA_OTHER_RUN" });
      await recordsOf(shore, [run]).owe(debt("other"));
      await expect(recordsOf(shore, ["another"]).owe(debt("third"))).rejects.toMatchObject({ code: "SEA_OTHER_RUN" });
      for (const id of [`${run}/0`, `${run}/1`, "other/0", "other/0"]) await own.settle(id);
      expect(await recordsIn(shore)).toEqual([]);
    }));

  test("one that can't be read keeps runs away, and heal says so with exit code 4", () =>
    ashore(async (shore) => {
      shore.scenario("loss.ts", storms["pod-loss"]);
      await shore.api.create(resources.configMaps, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "spoilt", namespace: shore.namespace, labels: { "seatrial.dev/undo": "open", "seatrial.dev/run": "lost" } }, data: { record: "{" } });
      try {
        expect(await shore.seatrial(["run", "loss.ts", "--harm", bed.name])).toMatchObject({ code: 3, err: expect.stringMatching(/SEA_OTHER_RUN[\s\S]*run lost[\s\S]*spoilt can't be read/) });
        expect(await shore.seatrial(["heal", "--on", bed.name, "--namespace", shore.namespace])).toMatchObject({ code: 4, out: expect.stringContaining(`record ${shore.namespace}/spoilt of run lost can't be read`) });
      } finally {
        // The namespace takes a while to go, and the next run must not find it.
        await shore.api.remove(resources.configMaps, "spoilt", shore.namespace);
      }
    }));

  test("a run that was killed is healed from another folder by the name of the context alone, and only when it is asked to be", () =>
    ashore(async (shore) => {
      shore.scenario("canary.ts", storms["stuck-canary"]);
      const sail = (args: readonly string[]) => embark(args, { cwd: shore.home.folder, env: { KUBECONFIG: bed.kubeconfig } });
      const first = sail(["run", "canary.ts", "--harm", bed.name, "--out", "first"]);
      await struck(first, shore.home.path("first", "ledger.ndjson"));
      expect(await shore.seatrial(["run", "canary.ts", "--harm", bed.name, "--out", "second"])).toMatchObject({ code: 3, err: expect.stringMatching(/SEA_OTHER_RUN[\s\S]*--beside/) });
      first.kill();
      await first.ended;
      expect(await imageOf(shore)).toBe("seatrial.test/service:crash");
      const [record] = await recordsIn(shore);
      const run = record!.metadata.labels!["seatrial.dev/run"]!;
      expect((record!["data"] as Record<string, string>)["readme"]).toContain(`seatrial heal --on ${bed.name} --run ${run}`);

      const elsewhere = makeHome();
      try {
        const heal = (...more: readonly string[]) => embark(["heal", "--on", bed.name, ...more], { cwd: elsewhere.folder, env: { KUBECONFIG: bed.kubeconfig }, withinMs: 180_000 }).ended;
        expect(await heal("--expired", "--run", run)).toMatchObject({ code: 0, out: expect.stringContaining("nothing to heal") });
        expect(await heal("--run", "another")).toMatchObject({ code: 0, out: expect.stringContaining("nothing to heal") });
        expect(await imageOf(shore)).toBe("seatrial.test/service:crash");
        expect(await heal("--run", run)).toMatchObject({ code: 0, out: expect.stringContaining(`healed: bad-canary (${run}/1)`) });
        expect(await imageOf(shore)).toBe("seatrial.test/service:v1");
        await shore.whole();
        expect(await heal("--run", run)).toMatchObject({ code: 0, out: expect.stringContaining("nothing to heal") });
      } finally {
        elsewhere.remove();
      }
      expect(await recordsIn(shore)).toEqual([]);
      expect((await shore.seatrial(["heal", "first"])).code).toBe(0);
    }), 300_000);
});
