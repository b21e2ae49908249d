import { describe, expect, test } from "vitest";
import type { Cluster, Debt, Pod, Release, Workload } from "../../src/model/cluster.ts";
import { SeatrialError } from "../../src/units/errors.ts";
import type { Clock } from "../../src/units/clock.ts";

/** A cluster as new, and a way to be one of its users. */
export interface Sea {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /**
   * Asks the workload for something harmless through its service, on a new connection: the status,
   * or what became of the connection. `"hung"`: no answer within a second or so.
   */
  ask(): Promise<number | "refused" | "hung">;
  /** Writes one record into the scope's data through the service, and answers its id. */
  write(): Promise<string>;
  /** Is the record there? */
  finds(id: string): Promise<boolean>;
}

/** What not every cluster can do, in words that say why. */
export interface Lacks {
  /** Backing up, losing and restoring data. */
  readonly data?: string;
  /** Judging a release by its answers, and taking a bad one back. */
  readonly judgement?: string;
  /** Replacing a pod whose processes hang. */
  readonly renewal?: string;
}

/** What the suite may use of a cluster. */
export interface SeaFacts {
  /** A workload of at least 3 replicas on at least 2 nodes, whose service has the same name, and what it runs at first. */
  readonly workload: string;
  readonly stable: string;
  /** A release that works as well as the stable one, and one that answers so many errors that the platform takes it back. */
  readonly good: Release;
  readonly bad: Release;
  /** A data scope that `write` and `finds` of the workload use. */
  readonly scope: string;
  /** What this cluster can't do, and why. The suite then holds that it says so. */
  readonly lacks?: Lacks;
  /** Anything that the platform does by itself happens within this. */
  readonly withinMs: number;
  readonly pollMs: number;
  /** Opens a cluster as new, plays, and ends it, also when `play` throws. */
  sail(play: (sea: Sea) => Promise<void>): Promise<void>;
}

/** Asks again until `found` answers something; says what it last saw when it never does. */
export async function eventually<T>(sea: Sea, facts: Pick<SeaFacts, "withinMs" | "pollMs">, what: string, found: () => Promise<T | false | undefined>): Promise<T> {
  const endMs = sea.clock.now() + facts.withinMs;
  for (;;) {
    const answer = await found();
    if (answer !== false && answer !== undefined) return answer;
    if (sea.clock.now() > endMs) {
      const seen = JSON.stringify({ workloads: await sea.cluster.workloads(), pods: await sea.cluster.pods(), nodes: await sea.cluster.nodes() });
      throw new Error(`not within ${facts.withinMs} ms: ${what}; seen at last: ${seen}`);
    }
    await sea.clock.sleep(facts.pollMs);
  }
}

/** What one workload looks like now. */
export async function look(cluster: Cluster, workload: string): Promise<{ now: Workload; pods: readonly Pod[]; ready: readonly Pod[] }> {
  const now = (await cluster.workloads()).find((one) => one.name === workload);
  if (!now) throw new Error(`no workload ${workload}`);
  const pods = (await cluster.pods()).filter((pod) => pod.workload === workload);
  return { now, pods, ready: pods.filter((pod) => pod.ready) };
}

/** Everything that tests of one cluster ask for again and again. */
export const whole = ({ now, ready }: Awaited<ReturnType<typeof look>>) => now.ready >= now.wanted && ready.length >= now.wanted;

const plainDebt = (id: string, deadlineMs = 1_700_000_000_000): Debt =>
  ({ id, run: "run-1", fault: "pod-loss", aim: { targets: [{ what: "pod", name: "p" }], pods: ["p.1"] }, deadlineMs });

/**
 * What every `Cluster` promises. Call it at the top of a test file of the implementation.
 *
 * @example clusterContract("local", { workload: "shop", sail: async (play) => { … }, … });
 */
export function clusterContract(name: string, facts: SeaFacts): void {
  const it = (title: string, play: (sea: Sea, cluster: Cluster) => Promise<void>) =>
    test(title, { timeout: 6 * facts.withinMs + 30_000 }, () => facts.sail((sea) => play(sea, sea.cluster)));
  const wait = <T>(sea: Sea, what: string, found: () => Promise<T | false | undefined>) => eventually(sea, facts, what, found);
  const seen = (cluster: Cluster) => look(cluster, facts.workload);

  describe(`${name} keeps the cluster contract`, () => {
    it("is whole when opened, and lists itself", async (sea, cluster) => {
      const { now, pods, ready } = await seen(cluster);
      expect(now.wanted).toBeGreaterThanOrEqual(3);
      expect(now.ready).toBe(now.wanted);
      expect(ready).toHaveLength(now.wanted);
      expect(now.rollout).toMatchObject({ phase: "idle", stable: facts.stable, candidate: undefined, weight: 0 });
      expect(new Set(pods.map((pod) => pod.id)).size).toBe(pods.length);
      const nodes = await cluster.nodes();
      expect(nodes.length).toBeGreaterThanOrEqual(2);
      expect(nodes.every((node) => node.ready)).toBe(true);
      expect(new Set(ready.map((pod) => pod.node)).size).toBeGreaterThanOrEqual(2);
      for (const pod of ready) {
        expect(nodes.map((node) => node.name)).toContain(pod.node);
        expect(pod.version).toBe(facts.stable);
      }
      expect(cluster.service(facts.workload)).toEqual(expect.any(String));
      expect(cluster.service("no-such-service")).toBeUndefined();
      expect(await sea.ask()).toBe(200);
    });

    describe("pods", () => {
      it("replaces a killed pod by one with a new id, and killing the dead again harms nobody", async (sea, cluster) => {
        const before = await seen(cluster);
        const victim = before.ready[0]!;
        await cluster.killPod(victim);
        await cluster.killPod(victim);
        const after = await wait(sea, `${victim.id} replaced`, async () => {
          const now = await seen(cluster);
          return whole(now) && now.pods.every((pod) => pod.id !== victim.id) && now;
        });
        await cluster.killPod(victim);
        await sea.clock.sleep(facts.pollMs);
        const last = await seen(cluster);
        expect(last.ready.map((pod) => pod.id).sort()).toEqual(after.ready.map((pod) => pod.id).sort());
        const stayed = before.ready.slice(1).map((pod) => pod.id);
        expect(last.ready.map((pod) => pod.id)).toEqual(expect.arrayContaining(stayed));
        expect(await sea.ask()).toBe(200);
      });

      it("a frozen pod's connections hang until the platform sees it, and thawing makes the workload whole", async (sea, cluster) => {
        const before = await seen(cluster);
        const victim = before.ready[0]!;
        await cluster.freezePod(victim);
        await cluster.freezePod(victim);
        const answers = await Promise.all(Array.from({ length: before.ready.length * 6 }, () => sea.ask()));
        expect(answers).toContain("hung");
        expect(answers).toContain(200);
        await wait(sea, `${victim.id} out of service`, async () => (await seen(cluster)).ready.every((pod) => pod.id !== victim.id));
        await cluster.thawPod(victim);
        await cluster.thawPod(victim);
        await wait(sea, "whole again", async () => whole(await seen(cluster)));
        expect(await sea.ask()).toBe(200);
      });

      it("thawing a pod in time leaves it where it was", async (sea, cluster) => {
        const before = await seen(cluster);
        await cluster.freezePod(before.ready[0]!);
        await cluster.thawPod(before.ready[0]!);
        await sea.clock.sleep(facts.pollMs);
        const after = await wait(sea, "whole", async () => {
          const now = await seen(cluster);
          return whole(now) && now;
        });
        expect(after.ready.map((pod) => pod.id)).toContain(before.ready[0]!.id);
      });
    });

    describe("nodes", () => {
      for (const verb of ["stopNode", "cutNode"] as const) {
        it(`${verb}: its pods come up elsewhere, and restoring brings it back`, async (sea, cluster) => {
          const before = await seen(cluster);
          const node = before.ready[0]!.node;
          const old = new Set(before.ready.filter((pod) => pod.node === node).map((pod) => pod.id));
          await cluster[verb](node);
          await cluster[verb](node);
          await wait(sea, `${node} not ready and its pods elsewhere`, async () => {
            const now = await seen(cluster);
            const down = (await cluster.nodes()).find((one) => one.name === node)?.ready !== true;
            return down && whole(now) && now.ready.every((pod) => pod.node !== node && !old.has(pod.id));
          });
          expect(await sea.ask()).toBe(200);
          await cluster.restoreNode(node);
          await cluster.restoreNode(node);
          await wait(sea, `${node} ready`, async () => (await cluster.nodes()).find((one) => one.name === node)?.ready);
          await wait(sea, "whole", async () => whole(await seen(cluster)));
          expect(await sea.ask()).toBe(200);
        });
      }

      it("restoring a node that lacks nothing changes nothing", async (sea, cluster) => {
        const before = await seen(cluster);
        await cluster.restoreNode(before.ready[0]!.node);
        await sea.clock.sleep(facts.pollMs);
        expect((await seen(cluster)).ready.map((pod) => pod.id).sort()).toEqual(before.ready.map((pod) => pod.id).sort());
      });
    });

    describe("releases", () => {
      /** Sends traffic on which the platform can judge, until the rollout is in one of the phases. */
      const until = (sea: Sea, ...phases: readonly Workload["rollout"]["phase"][]) =>
        wait(sea, phases.join(" or "), async () => {
          await Promise.all(Array.from({ length: 8 }, () => sea.ask()));
          const now = await seen(sea.cluster);
          return phases.includes(now.now.rollout.phase) && now;
        });

      if (facts.lacks?.judgement !== undefined) it(`leaves a bad release to others, for ${facts.lacks.judgement}, and ends it when it is told to`, async (sea, cluster) => {
        await cluster.ship(facts.workload, facts.bad);
        expect((await seen(cluster)).now.rollout).toMatchObject({ phase: "progressing", stable: facts.stable, candidate: facts.bad.version });
        await cluster.ship(facts.workload, facts.bad);
        const after = await until(sea, "promoted");
        expect(after.now.rollout).toMatchObject({ stable: facts.bad.version });
        await cluster.ship(facts.workload, { version: facts.stable });
        await until(sea, "promoted");
        await wait(sea, "all pods stable", async () => {
          const now = await seen(cluster);
          return now.now.rollout.stable === facts.stable && whole(now) && now.ready.every((pod) => pod.version === facts.stable);
        });
      });
      else it("takes a bad release back", async (sea, cluster) => {
        await cluster.ship(facts.workload, facts.bad);
        const under = (await seen(cluster)).now.rollout;
        expect(under).toMatchObject({ phase: "progressing", stable: facts.stable, candidate: facts.bad.version });
        await cluster.ship(facts.workload, facts.bad);
        const after = await until(sea, "rolled-back", "promoted");
        expect(after.now.rollout).toMatchObject({ phase: "rolled-back", stable: facts.stable, weight: 0, reason: expect.stringMatching(/./) });
        await wait(sea, "all pods stable", async () => {
          const now = await seen(cluster);
          return whole(now) && now.ready.every((pod) => pod.version === facts.stable);
        });
      });

      it("promotes a good release, and can ship the version before by its name alone", async (sea, cluster) => {
        await cluster.ship(facts.workload, facts.good);
        const after = await until(sea, "rolled-back", "promoted");
        expect(after.now.rollout).toMatchObject({ phase: "promoted", stable: facts.good.version });
        await wait(sea, "all pods new", async () => {
          const now = await seen(cluster);
          return whole(now) && now.ready.every((pod) => pod.version === facts.good.version);
        });
        await cluster.ship(facts.workload, { version: facts.stable });
        await until(sea, "progressing");
        const back = await until(sea, "rolled-back", "promoted");
        expect(back.now.rollout).toMatchObject({ phase: "promoted", stable: facts.stable });
        expect(await sea.ask()).toBe(200);
      });

      it("goes back to the stable version on undo, and undo at rest does nothing", async (sea, cluster) => {
        await cluster.undo(facts.workload);
        expect((await seen(cluster)).now.rollout.phase).toBe("idle");
        await cluster.ship(facts.workload, facts.good);
        await wait(sea, "traffic on the candidate", async () => (await seen(cluster)).now.rollout.weight > 0);
        await cluster.undo(facts.workload);
        await cluster.undo(facts.workload);
        const after = await until(sea, "rolled-back", "promoted");
        expect(after.now.rollout).toMatchObject({ phase: "rolled-back", stable: facts.stable, weight: 0 });
        await wait(sea, "all pods stable", async () => {
          const now = await seen(cluster);
          return whole(now) && now.ready.every((pod) => pod.version === facts.stable);
        });
      });

      it("has nothing to do for the version that already runs", async (sea, cluster) => {
        await cluster.ship(facts.workload, { version: facts.stable });
        await sea.clock.sleep(facts.pollMs);
        expect((await seen(cluster)).now.rollout.phase).toBe("idle");
      });
    });

    if (facts.lacks?.data !== undefined) it(`has nothing to back up, for ${facts.lacks.data}, and says so`, async (_, cluster) => {
      expect(await cluster.scopes()).toEqual([]);
      for (const call of [cluster.holds(facts.scope), cluster.backUp(facts.scope), cluster.backups(facts.scope), cluster.lose(facts.scope), cluster.restore(facts.scope, "b")]) {
        await expect(call).rejects.toMatchObject({ code: "SEA_CLUSTER_UNKNOWN" });
      }
    });
    else describe("data", () => {
      it("backs up, loses and restores to the moment of the backup", async (sea, cluster) => {
        expect(await cluster.scopes()).toContain(facts.scope);
        expect(await cluster.holds(facts.scope)).toBe(true);
        const kept = await sea.write();
        expect(await sea.finds(kept)).toBe(true);
        const fromMs = sea.clock.wallMs();
        const backup = await cluster.backUp(facts.scope);
        expect(backup).toMatchObject({ scope: facts.scope, id: expect.any(String) });
        // Clocks of two processes differ by a little.
        expect(backup.takenAtMs).toBeGreaterThanOrEqual(fromMs - 1_000);
        expect(backup.takenAtMs).toBeLessThanOrEqual(sea.clock.wallMs() + 1_000);
        const listed = await cluster.backups(facts.scope);
        expect(listed).toContainEqual(backup);
        expect(listed.map((one) => one.takenAtMs)).toEqual(listed.map((one) => one.takenAtMs).sort((a, b) => b - a));
        const late = await sea.write();

        await cluster.lose(facts.scope);
        expect(await cluster.holds(facts.scope)).toBe(false);
        await cluster.lose(facts.scope);
        expect(await cluster.holds(facts.scope)).toBe(false);
        expect(await cluster.backups(facts.scope)).toContainEqual(backup);
        await expect(cluster.backUp(facts.scope)).rejects.toThrow(SeatrialError);

        await cluster.restore(facts.scope, backup.id);
        await cluster.restore(facts.scope, backup.id);
        await wait(sea, "restored", () => cluster.holds(facts.scope));
        await wait(sea, "serving", async () => whole(await seen(cluster)) && (await sea.ask()) === 200);
        expect(await sea.finds(kept)).toBe(true);
        expect(await sea.finds(late)).toBe(false);
      });

      it("has two backups for two calls", async (_, cluster) => {
        const [one, two] = [await cluster.backUp(facts.scope), await cluster.backUp(facts.scope)];
        expect(two.id).not.toBe(one.id);
        const ids = (await cluster.backups(facts.scope)).map((backup) => backup.id);
        expect(ids.indexOf(two.id)).toBeLessThan(ids.indexOf(one.id));
      });
    });

    describe("debts", () => {
      it("keeps what is owed until it is settled", async (_, cluster) => {
        expect(await cluster.debts()).toEqual([]);
        const [one, two] = [plainDebt("run-1/0"), plainDebt("run-1/2 ünïcode")];
        await cluster.owe(one);
        await cluster.owe(two);
        await cluster.owe(plainDebt(one.id, 1_800_000_000_000));
        const byId = [...(await cluster.debts())].sort((a, b) => a.id.localeCompare(b.id));
        expect(byId).toEqual([plainDebt(one.id, 1_800_000_000_000), two]);
        await cluster.settle(one.id);
        await cluster.settle(one.id);
        await cluster.settle("nobody owes this");
        expect(await cluster.debts()).toEqual([two]);
        await cluster.settle(two.id);
        expect(await cluster.debts()).toEqual([]);
      });
    });

    describe("unknown names are refused in words", () => {
      const calls: readonly [string, (cluster: Cluster) => Promise<unknown>][] = [
        ["stopNode", (cluster) => cluster.stopNode("no-such-node")],
        ["cutNode", (cluster) => cluster.cutNode("no-such-node")],
        ["restoreNode", (cluster) => cluster.restoreNode("no-such-node")],
        ["ship", (cluster) => cluster.ship("no-such-workload", facts.good)],
        ["undo", (cluster) => cluster.undo("no-such-workload")],
        ["holds", (cluster) => cluster.holds("no-such-scope")],
        ["backUp", (cluster) => cluster.backUp("no-such-scope")],
        ["backups", (cluster) => cluster.backups("no-such-scope")],
        ["lose", (cluster) => cluster.lose("no-such-scope")],
        ["restore of a scope", (cluster) => cluster.restore("no-such-scope", "b")],
        ["restore of a backup", (cluster) => cluster.restore(facts.scope, "no-such-backup")],
      ];
      it(calls.map(([verb]) => verb).join(", "), async (_, cluster) => {
        for (const [verb, call] of calls) {
          const error = await call(cluster).then(() => undefined, (thrown: unknown) => thrown);
          expect(error, verb).toBeInstanceOf(SeatrialError);
          expect((error as SeatrialError).code, verb).toBe("SEA_CLUSTER_UNKNOWN");
        }
        if (facts.lacks?.data === undefined) expect(await cluster.holds(facts.scope)).toBe(true);
      });

      it("but a pod that is gone is no error", async (_, cluster) => {
        const gone = { name: "gone", id: "gone.1" };
        await cluster.killPod(gone);
        await cluster.freezePod(gone);
        await cluster.thawPod(gone);
      });
    });
  });
}
