import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { resources } from "../../../drivers/kubernetes/index.ts";
import type { StormStep } from "../../../src/model/storm.ts";
import { freshSeed, seeded } from "../../../src/units/random.ts";
import { embark, makeHome, stepsOf, until } from "../../cli/seatrial.ts";
import { bed, describeInBed } from "../bed.ts";
import { clock } from "../kubernetes/sea.ts";
import { ashore, recordsIn, storms, type Shore } from "./shore.ts";

/** `SEATRIAL_KILLS=200 SEATRIAL_SEED=1 npm run test:cluster -- test/cluster/consent/killed.test.ts` */
const kills = Number(process.env["SEATRIAL_KILLS"] ?? 8);
const seed = Number(process.env["SEATRIAL_SEED"] ?? freshSeed());
/** What a run is waited for before it is killed: its process alone, its ledger, or a step of its storm; the last two of a storm that ends. */
const moments = ["process", "ledger", "aim", "inject", "injected", "injected", "harmed", "harmed"] as const;
const ends = ["recovered", "healing"] as const;
/** So long after it at the most. */
const afterMs = 600;

/** All that a run could leave behind in a shop and on the nodes, but for what controllers count on their own. */
async function traces({ api, namespace }: Shore): Promise<unknown> {
  const things = [resources.deployments, resources.services, resources.configMaps, resources.secrets, resources.networkPolicies, resources.podDisruptionBudgets];
  const kept = await Promise.all(things.map((resource) => api.list(resource, { namespace })));
  const nodes = await api.list(resources.nodes);
  return [
    ...kept.flat().map(({ kind, metadata: { name, labels, annotations = {} }, spec, data }) => {
      const { "deployment.kubernetes.io/revision": _, ...others } = annotations;
      return { kind, name, labels, annotations: others, spec, data };
    }),
    ...nodes.map(({ metadata: { name, labels }, spec }) => ({ name, labels, spec })),
  ];
}

describeInBed("a runner that is killed at any moment", () => {
  test(`${kills} times (seed ${seed}): heal from elsewhere leaves nothing behind`, () =>
    ashore(async (shore) => {
      const before = await traces(shore);
      const random = seeded(seed);
      const elsewhere = makeHome();
      const reached = new Map<string, number>();
      /** Records that the killed ones left. */
      let open = 0;
      try {
        for (const kind of ["pod-loss", "stuck-canary"] as const) shore.scenario(`${kind}.ts`, storms[kind]);
        for (let turn = 0; turn < kills; turn++) {
          const kind = random.pick(["pod-loss", "stuck-canary", "stuck-canary"] as const);
          const voyage = embark(["run", `${kind}.ts`, "--harm", bed.name, "--out", `run-${turn}`, "--seed", String(turn)], { cwd: shore.home.folder, env: { KUBECONFIG: bed.kubeconfig } });
          const ledger = shore.home.path(`run-${turn}`, "ledger.ndjson");
          const moment = random.pick<string>(kind === "pod-loss" ? [...moments, ...ends] : moments);
          const ms = random.pick([true, false]) ? 0 : random.int(1, afterMs);
          await until(moment, () => voyage.hasEnded() || moment === "process" || (moment === "ledger" ? existsSync(ledger) : stepsOf(ledger).includes(moment as StormStep)), 90_000);
          await Promise.race([clock.sleep(ms), voyage.ended]);
          voyage.kill();
          await voyage.ended;
          const step = stepsOf(ledger).at(-1) ?? "before the storm";
          reached.set(step, (reached.get(step) ?? 0) + 1);
          open += (await recordsIn(shore)).length;
          const heal = await embark(["heal", "--on", bed.name], { cwd: elsewhere.folder, env: { KUBECONFIG: bed.kubeconfig }, withinMs: 180_000 }).ended;
          const told = `turn ${turn}, ${kind} killed ${ms} ms after ${moment}, at ${step}:\n${heal.out}${heal.err}`;
          expect(heal.code, told).toBe(0);
          expect(await recordsIn(shore), told).toEqual([]);
          await shore.whole();
          expect(await traces(shore), told).toEqual(before);
        }
      } finally {
        elsewhere.remove();
      }
      // Kills that leave nothing to heal prove nothing.
      expect(open).toBeGreaterThan(kills / 4);
      console.log(`killed with ${open} records open, at: ${[...reached].map(([step, count]) => `${step} ${count}`).join(", ")}`);
    }), 60_000 + kills * 60_000);
});
