import { describe, expect, test } from "vitest";
import type { Cluster } from "../../src/model/cluster.ts";
import type { Sighting } from "../../src/model/sighting.ts";
import { lookout } from "../../src/play/lookout.ts";
import { sim, virtualClock } from "../../src/sim/index.ts";
import { seeded } from "../../src/units/random.ts";

const open = async (clock: ReturnType<typeof virtualClock>) =>
  sim({ services: { shop: { replicas: 3 } } }).open({ clock, random: seeded(1), signal: new AbortController().signal, run: "run", folder: undefined, say: () => undefined });

/** What was told while `work` went on, and `ms` of virtual time after it. */
async function told(work: (cluster: Cluster) => Promise<unknown>, wrap: (cluster: Cluster) => Cluster = (cluster) => cluster, ms = 20_000): Promise<readonly Sighting[]> {
  const clock = virtualClock();
  const sights: Sighting[] = [];
  await clock.run(async () => {
    const cluster = wrap(await open(clock));
    const stop = new AbortController();
    await lookout(cluster, clock, (sighting) => sights.push(sighting), stop.signal);
    await work(cluster);
    await clock.sleep(ms);
    stop.abort();
  });
  return sights;
}
/** The same cluster with some verbs replaced. */
const withVerbs = (cluster: Cluster, verbs: Partial<Cluster>): Cluster => new Proxy(cluster, {
  get: (target, key) => {
    const own: unknown = Reflect.get(verbs, key) ?? Reflect.get(target, key);
    return typeof own === "function" ? own.bind(target) : own;
  },
});

describe("looking at a cluster again and again", () => {
  test("a pod that is killed goes, and another comes and gets ready", async () => {
    const sights = await told(async (cluster) => cluster.killPod((await cluster.pods())[0]!));
    expect(sights.map(({ what, turn, of }) => `${what} ${turn} ${of}`)).toEqual(["pod gone shop", "pod came shop", "pod ready shop"]);
  });

  test("a node without power is not ready, and nothing is told of a calm cluster", async () => {
    expect(await told(async () => undefined)).toEqual([]);
    const sights = await told(async (cluster) => cluster.stopNode((await cluster.nodes())[0]!.name));
    expect(sights.filter(({ what }) => what === "node")).toEqual([expect.objectContaining({ turn: "unready" })]);
  });

  test("blindness is told once, and the return", async () => {
    let asked = 0;
    const sights = await told(async () => undefined, (cluster) => withVerbs(cluster, {
      nodes: async () => {
        asked += 1;
        if (asked > 3 && asked < 10) throw new Error("no route");
        return cluster.nodes();
      },
    }));
    expect(sights).toEqual([expect.objectContaining({ what: "watch", turn: "lost", text: "Error: no route" }), expect.objectContaining({ what: "watch", turn: "back" })]);
  });

  test("a cluster that can't be seen at all says so, and the storm goes on", async () => {
    const sights = await told(async () => undefined, (cluster) => withVerbs(cluster, { pods: async () => { throw new Error("no route"); } }));
    expect(sights).toEqual([expect.objectContaining({ what: "watch", turn: "lost" })]);
  });
});

describe("a cluster that tells by itself", () => {
  test("is believed, and bounded", async () => {
    const sights = await told(async () => undefined, (cluster) => withVerbs(cluster, {
      watch: async (see) => {
        for (let n = 0; n < 5_000; n++) see({ what: "event", name: `e${n}`, turn: "said" });
      },
    }));
    expect(sights).toHaveLength(2_001);
    expect(sights.at(-1)).toMatchObject({ what: "watch", turn: "lost", text: "more than 2000 sightings: the rest is not told" });
  });

  test("is not heard after the end", async () => {
    let see: ((sighting: Sighting) => void) | undefined;
    const sights = await told(async () => undefined, (cluster) => withVerbs(cluster, { watch: async (given) => void (see = given) }));
    see!({ what: "pod", name: "late", turn: "came" });
    expect(sights).toEqual([]);
  });
});
