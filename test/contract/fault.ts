import { describe, expect, test } from "vitest";
import { badCanary, dataLoss, nodeCut, nodeLoss, podFreeze, podLoss, restore, undo } from "../../src/faults/index.ts";
import type { Cluster } from "../../src/model/cluster.ts";
import type { Aim, Fault, Recovery } from "../../src/model/fault.ts";
import { seeded } from "../../src/units/random.ts";
import { eventually, look, whole, type Sea, type SeaFacts } from "./cluster.ts";

/** One fault of the suite, and who ends it; the platform where nobody is named. */
export interface FaultCase {
  readonly title: string;
  readonly fault: Fault<any, any, any>;
  readonly recovery?: Recovery<any, any>;
  /** Why nobody ends it here, so that healing has to. */
  readonly stays?: string | undefined;
  /** What the fault takes for granted, such as a backup. */
  readonly before?: (sea: Sea) => Promise<unknown>;
}

/** The faults that every cluster can have, but those for which this one lacks what they harm or who ends them. */
export function neutralFaults(facts: SeaFacts): readonly FaultCase[] {
  const { data, judgement, renewal } = facts.lacks ?? {};
  const all: readonly (FaultCase & { readonly lacks?: string | undefined })[] = [
    { title: "a pod lost", fault: podLoss(facts.workload) },
    { title: "half of the pods lost", fault: podLoss(facts.workload, { count: "50%" }) },
    { stays: renewal, title: "a pod frozen", fault: podFreeze(facts.workload) },
    { title: "a node lost", fault: nodeLoss() },
    { title: "a node cut off", fault: nodeCut() },
    {
      lacks: data, title: "data lost, and restored from a fresh backup", fault: dataLoss(facts.scope), recovery: restore({ backup: "fresh" }),
      before: (sea) => sea.cluster.backUp(facts.scope),
    },
    {
      lacks: data, title: "data lost, and restored from the latest backup", fault: dataLoss(facts.scope), recovery: restore(),
      before: (sea) => sea.cluster.backUp(facts.scope),
    },
    { lacks: judgement, title: "a bad canary taken back by the platform", fault: badCanary(facts.workload, facts.bad) },
    { title: "a bad canary taken back by an operator", fault: badCanary(facts.workload, facts.bad), recovery: undo() },
  ];
  return all.filter(({ lacks }) => lacks === undefined);
}

const jsonOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** What must be the same before a storm and after it. */
async function shape(cluster: Cluster, facts: SeaFacts) {
  const [workloads, nodes, holds] = await Promise.all([cluster.workloads(), cluster.nodes(), facts.lacks?.data === undefined ? cluster.holds(facts.scope) : undefined]);
  return { stable: workloads.map(({ name, wanted, rollout }) => ({ name, wanted, stable: rollout.stable, weight: rollout.weight })), nodes, holds };
}

/** Everything that a read may not change. */
async function everything(cluster: Cluster, facts: SeaFacts) {
  const [workloads, pods, debts] = await Promise.all([cluster.workloads(), cluster.pods(), cluster.debts()]);
  return { ...(await shape(cluster, facts)), workloads, pods, debts };
}

/**
 * What every `Fault` promises on a cluster. Call it at the top of a test file.
 *
 * @example faultContract("local", facts, neutralFaults(facts));
 */
export function faultContract(name: string, facts: SeaFacts, cases: readonly FaultCase[]): void {
  const it = (title: string, play: (sea: Sea, cluster: Cluster) => Promise<void>) =>
    test(title, { timeout: 5 * facts.withinMs + 30_000 }, () => facts.sail((sea) => play(sea, sea.cluster)));

  /** Users go on while the platform mends: a canary is judged by their answers. */
  const traffic = (sea: Sea) => Promise.all(Array.from({ length: 8 }, () => sea.ask()));
  const healed = (sea: Sea, fault: Fault<any, any, any>, aim: Aim) =>
    eventually(sea, facts, `${fault.kind} healed`, async () => {
      await traffic(sea);
      return fault.heal(sea.cluster, aim) as Promise<boolean>;
    });
  const serves = (sea: Sea) =>
    eventually(sea, facts, "the service whole", async () => whole(await look(sea.cluster, facts.workload)) && (await traffic(sea)).every((answer) => answer === 200));

  for (const { title, fault, recovery, stays, before } of cases) {
    describe(`${name} keeps the fault contract: ${title}`, () => {
      it("aims without touching anything, at the same for the same chance, in plain data", async (sea, cluster) => {
        await before?.(sea);
        const was = await everything(cluster, facts);
        const aim: Aim = await fault.aim(cluster, seeded(7));
        expect(await fault.aim(cluster, seeded(7))).toEqual(aim);
        expect(await everything(cluster, facts)).toEqual(was);
        expect(aim.targets.length).toBeGreaterThan(0);
        expect(jsonOf(aim)).toStrictEqual(aim);
      });

      it(`is seen straight after the inject, ${stays === undefined ? "recovers" : `stays, for ${stays}`}, and heals twice`, async (sea, cluster) => {
        await before?.(sea);
        const was = await shape(cluster, facts);
        const aim: Aim = await fault.aim(cluster, seeded(11));
        const prepared = (await recovery?.prepare?.(cluster, aim)) ?? null;
        await fault.inject(cluster, aim);
        expect(await fault.recovered(cluster, aim)).toBe(false);
        await recovery?.mend(cluster, aim, jsonOf(prepared), { leave: new AbortController().signal, heal: () => healed(sea, fault, aim).then(() => undefined) });
        if (stays === undefined) await eventually(sea, facts, "recovered", async () => {
          await traffic(sea);
          return fault.recovered(cluster, aim);
        });
        await healed(sea, fault, aim);
        expect(await fault.heal(cluster, aim)).toBe(true);
        await serves(sea);
        expect(await shape(cluster, facts)).toEqual(was);
      });

      it("heals from a copy of the aim when nobody else mends it", async (sea, cluster) => {
        await before?.(sea);
        const was = await shape(cluster, facts);
        const aim: Aim = await fault.aim(cluster, seeded(13));
        await fault.inject(cluster, aim);
        await healed(sea, fault, jsonOf(aim));
        await serves(sea);
        await eventually(sea, facts, "as it was", async () => JSON.stringify(await shape(cluster, facts)) === JSON.stringify(was));
      });

      it("healing what was never injected harms nobody", async (sea, cluster) => {
        await before?.(sea);
        const was = await everything(cluster, facts);
        const aim: Aim = await fault.aim(cluster, seeded(17));
        expect(await fault.heal(cluster, aim)).toBe(true);
        await sea.clock.sleep(facts.pollMs);
        expect(await everything(cluster, facts)).toEqual(was);
      });
    });
  }
}
