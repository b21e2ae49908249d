import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { containerKill, namespaceLoss, networkIsolation, nodeDrain, nodeTerminate, podDown, podEviction, type KubernetesCluster } from "../../../drivers/kubernetes/index.ts";
import type { Aim, Fault } from "../../../src/model/fault.ts";
import { seeded } from "../../../src/units/random.ts";
import { apply, call } from "../../world/kubernetes/control/call.ts";
import { until } from "../../world/kubernetes/machine/command.ts";
import { imagesFile } from "../../world/kubernetes/images/images.ts";
import { killProgram, startNode } from "../../world/kubernetes/node/node.ts";
import { bed, describeInBed } from "../bed.ts";
import { deploy, deployment, home, leftovers, machines, makeHome, open, spread, undeploy, whole } from "./sea.ts";

const pods = `/api/v1/namespaces/${home}/pods`;
const budgets = `/apis/policy/v1/namespaces/${home}/poddisruptionbudgets`;
const budget = (name: string, minAvailable: number) => apply(bed, `${budgets}/${name}`, { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name }, spec: { minAvailable, selector: { matchLabels: { app: "shop" } } } });
/** A budget counts once its controller has looked. */
const counted = (name: string) => until(`budget ${name} counted`, 30_000, async () => {
  const { metadata, status } = (await call(bed, "GET", `${budgets}/${name}`)).body;
  return status?.observedGeneration === metadata.generation && status.expectedPods === 4;
});

/** Injects as a run does it; answers what it was told on the way. */
async function strike<A extends Aim>(cluster: KubernetesCluster, fault: Fault<KubernetesCluster, A, any>, aim: A, between: (why: string, turn: number) => Promise<unknown>, mostTurns = 60): Promise<readonly string[]> {
  const told: string[] = [];
  for (let turn = 0; turn < mostTurns; turn++) {
    const left = (await fault.inject(cluster, aim, turn))?.left;
    if (!left) return told;
    if (told.at(-1) !== left.why) told.push(left.why);
    await between(left.why, turn);
    await new Promise((done) => setTimeout(done, Math.min(left.againMs, 1_000)));
  }
  return told;
}

describeInBed("the hard cases of faults", () => {
  let cluster: KubernetesCluster;
  beforeAll(async () => {
    await makeHome();
    await deploy("shop");
  });
  beforeEach(async () => {
    await spread("shop");
    await whole("shop");
    cluster = await open({ machines: machines() });
    return async () => {
      await cluster.close();
      for (const name of ["tight", "second"]) await call(bed, "DELETE", `${budgets}/${name}`);
    };
  });
  afterAll(() => undeploy("shop"));
  afterEach(async () => expect(await leftovers()).toEqual([]));

  test("a budget that can't be met is named, turn after turn, and nothing is harmed", async () => {
    await budget("tight", 4);
    await counted("tight");
    const fault = podEviction("shop", { count: 2 });
    const aim = await fault.aim(cluster, seeded(1));
    const told = await strike(cluster, fault, aim, async () => undefined, 3);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/shop-\S+, shop-\S+ may not go \(disruption budget faults\/tight: /);
    expect((await cluster.pods()).filter((pod) => aim.pods.some(({ id }) => id === pod.id)).every((pod) => pod.ready)).toBe(true);
    expect(await fault.heal(cluster, aim)).toBe(true);
  });

  test("a budget that lets one go at a time lets all go in the end", async () => {
    await budget("tight", 3);
    await counted("tight");
    const fault = podEviction("shop", { count: 3 });
    const aim = await fault.aim(cluster, seeded(2));
    const told = await strike(cluster, fault, aim, async () => undefined);
    expect(told[0]).toContain("disruption budget faults/tight");
    await until("recovered", 60_000, () => fault.recovered(cluster, aim));
  });

  test("two budgets on one pod are a mistake, found when it is aimed at, or at the latest by the server", async () => {
    await budget("tight", 1);
    const fault = podEviction("shop");
    const aim = await fault.aim(cluster, seeded(3));
    await budget("second", 1);
    await Promise.all([counted("tight"), counted("second")]);
    await expect(fault.aim(cluster, seeded(3))).rejects.toMatchObject({ code: "SEA_EVICTION_BUDGETS", message: expect.stringContaining("second and tight") });
    await expect(fault.inject(cluster, aim)).rejects.toMatchObject({ code: "SEA_EVICTION_BUDGETS" });
  });

  test("a drain leaves daemon pods, evicts those on the node's network, refuses orphans and scratch data, and opens only what it closed", async () => {
    const daemons = `/apis/apps/v1/namespaces/${home}/daemonsets/agent`;
    const { spec } = deployment("agent") as { spec: any };
    await apply(bed, daemons, { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "agent" }, spec: { selector: spec.selector, template: spec.template } });
    await deploy("host", { replicas: 1, command: ["/bin/sh", "-c", "trap 'exit 0' TERM; while true; do sleep 0.2; done"], more: { hostNetwork: true, nodeName: "node1" } });
    await apply(bed, `${pods}/orphan`, { apiVersion: "v1", kind: "Pod", metadata: { name: "orphan" }, spec: { nodeName: "node1", terminationGracePeriodSeconds: 1, containers: [{ name: "c", image: "seatrial.test/service:v1" }], volumes: [{ name: "scratch", emptyDir: {} }] } });
    try {
      await until("all of it", 60_000, async () => (await call(bed, "GET", pods)).body.items.every((pod: any) => pod.status.phase === "Running"));
      const drain = nodeDrain({ evenLast: true, pool: "" });
      const seedOf = async () => {
        for (let seed = 0; seed < 40; seed++) {
          const chosen = await nodeDrain({ emptyDir: true, orphans: true, evenLast: true }).aim(cluster, seeded(seed));
          if (chosen.nodes[0] === "node1") return seed;
        }
        throw new Error("node1 is never chosen");
      };
      const seed = await seedOf();
      await expect(drain.aim(cluster, seeded(seed))).rejects.toMatchObject({ code: "SEA_DRAIN_REFUSED", message: expect.stringMatching(/node1 .*faults\/orphan: its emptyDir/) });
      await expect(nodeDrain({ emptyDir: true, evenLast: true }).aim(cluster, seeded(seed))).rejects.toMatchObject({ message: expect.stringMatching(/faults\/orphan: nobody owns it/) });
      await call(bed, "DELETE", `/apis/apps/v1/namespaces/${home}/deployments/host`);
      const all = nodeDrain({ emptyDir: true, orphans: true, evenLast: true });
      const aim = await all.aim(cluster, seeded(seed));
      const names = aim.pods.map(({ name }) => name);
      expect(names).toContain("orphan");
      expect(names.some((name) => name.startsWith("agent-"))).toBe(false);
      expect(names.some((name) => name.startsWith("host-"))).toBe(true);
      await strike(cluster, all, aim, async () => undefined);
      const there = (await call(bed, "GET", `${pods}?fieldSelector=spec.nodeName%3Dnode1`)).body.items.map((pod: any) => pod.metadata.name.replace(/-.*/, ""));
      expect(there).toEqual(["agent"]);
      await until("recovered", 60_000, () => all.recovered(cluster, aim));
      await until("healed", 30_000, () => all.heal(cluster, JSON.parse(JSON.stringify(aim))));
      expect((await call(bed, "GET", "/api/v1/nodes/node1")).body.spec.unschedulable).toBeUndefined();
      // One that somebody else has closed is no target, and stays closed.
      await call(bed, "PATCH", "/api/v1/nodes/node2", { spec: { unschedulable: true } }, "application/merge-patch+json");
      await expect(all.aim(cluster, seeded(seed))).rejects.toMatchObject({ code: "SEA_AIM_EMPTY" });
      expect(await all.heal(cluster, { ...aim, swaps: aim.swaps.map((one) => ({ ...one, at: { ...one.at, name: "node2" } })) })).toBe(true);
      expect((await call(bed, "GET", "/api/v1/nodes/node2")).body.spec.unschedulable).toBe(true);
    } finally {
      await call(bed, "PATCH", "/api/v1/nodes/node2", { spec: { unschedulable: null } }, "application/merge-patch+json");
      for (const path of [daemons, `${pods}/orphan`]) await call(bed, "DELETE", path);
      await undeploy("host");
    }
  });

  test("a drain that a finalizer holds says which, goes on when it is gone, and is healed all the same", async () => {
    const fault = nodeDrain();
    const aim = await fault.aim(cluster, seeded(5));
    const held = aim.pods[0]!.name;
    const finalizers = (value: readonly string[] | null) => call(bed, "PATCH", `${pods}/${held}`, { metadata: { finalizers: value } }, "application/merge-patch+json");
    await finalizers(["example.com/hold"]);
    const told = await strike(cluster, fault, aim, async (why, turn) => void (/finalizer/.test(why) && turn > 6 && (await finalizers(null))));
    expect(told.join("\n")).toContain(`faults/${held} is ending, held by the finalizer example.com/hold`);
    expect(await fault.inject(cluster, aim, 99)).toEqual({ harmed: true });
    await until("recovered", 60_000, () => fault.recovered(cluster, aim));
    await until("healed", 60_000, () => fault.heal(cluster, aim));
  });

  test("a drain whose kubelet was killed waits for it, says so, and ends when it is back", async () => {
    const fault = nodeDrain();
    const aim = await fault.aim(cluster, seeded(6));
    const node = aim.nodes[0]!;
    await killProgram(bed, node, "kubelet");
    let isBack = false;
    const told = await strike(cluster, fault, aim, async (why) => {
      if (isBack || !why.includes("does not say that it has")) return;
      isBack = true;
      await startNode(bed, node, await imagesFile());
    }, 120);
    expect(told.join("\n")).toMatch(new RegExp(`is ending, and the kubelet of ${node} does not say that it has`));
    expect(isBack).toBe(true);
    await until("recovered", 60_000, () => fault.recovered(cluster, aim));
    await until("healed", 60_000, () => fault.heal(cluster, aim));
  });

  test("a process that does not end of SIGTERM is said, and nothing was tested", async () => {
    await deploy("deaf", { replicas: 2, command: ["/bin/sh", "-c", "while true; do sleep 1; done"] });
    try {
      const fault = containerKill("deaf");
      const aim = await fault.aim(cluster, seeded(1));
      const told = await strike(cluster, fault, aim, async () => undefined, 10);
      expect(told).toEqual([expect.stringContaining("the first process of service goes on in deaf-")]);
      await expect(containerKill("deaf", { command: ["/no/such"] }).inject(cluster, aim)).rejects.toMatchObject({ code: "SEA_CONTAINER_KILL" });
      expect(await fault.heal(cluster, aim)).toBe(true);
    } finally {
      await undeploy("deaf");
    }
  });

  test("a network plugin that enforces no policies is found out by the witness", async () => {
    await deploy("probe", { replicas: 1, command: ["/bin/sh", "-c", "trap 'exit 0' TERM; while true; do sleep 0.2; done"] });
    try {
      const address = (await call(bed, "GET", `/api/v1/namespaces/${home}/services/shop`)).body.spec.clusterIP as string;
      const fault = networkIsolation("shop", { direction: "to", seenBy: { workload: "probe", command: ["timeout", "3", "wget", "-q", "-O", "-", `http://${address}/`] } });
      const aim = await fault.aim(cluster, seeded(1));
      const told = await strike(cluster, fault, aim, async () => undefined, 3);
      expect(told).toEqual([expect.stringContaining("the network plugin may enforce no policies")]);
      expect((await call(bed, "GET", `/apis/networking.k8s.io/v1/namespaces/${home}/networkpolicies/${aim.policy}`)).body.spec).toMatchObject({ podSelector: { matchLabels: { app: "shop" } }, policyTypes: ["Ingress"] });
      expect(await fault.recovered(cluster, aim)).toBe(false);
      expect(await fault.heal(cluster, JSON.parse(JSON.stringify(aim)))).toBe(true);
      expect(await fault.recovered(cluster, aim)).toBe(true);
      const blind = networkIsolation("shop", { seenBy: { workload: "probe", command: ["/bin/sh", "-c", "exit 1"] } });
      await expect(blind.aim(cluster, seeded(1))).rejects.toMatchObject({ code: "SEA_AIM_EMPTY", message: expect.stringContaining("reaches nothing even now") });
    } finally {
      await undeploy("probe");
    }
  });

  test("a namespace stuck in Terminating is said with its finalizer, and made again when that is gone", async () => {
    const space = "faults-stuck";
    const held = `/api/v1/namespaces/${space}/configmaps/held`;
    await apply(bed, `/api/v1/namespaces/${space}`, { apiVersion: "v1", kind: "Namespace", metadata: { name: space } });
    await apply(bed, held, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "held", finalizers: ["example.com/hold"] }, data: { a: "1" } });
    const both = await open({ namespaces: [home, space] });
    try {
      const fault = namespaceLoss(space);
      const aim = await fault.aim(both, seeded(1));
      await fault.inject(both, aim);
      await until("it said why", 60_000, () => fault.heal(both, aim).then(() => false, (error: Error & { code: string }) => error.code === "SEA_ENDING" && error.message.includes("example.com/hold")));
      await call(bed, "PATCH", held, { metadata: { finalizers: null } }, "application/merge-patch+json");
      // It says so until the server has looked again.
      await until("healed", 90_000, () => fault.heal(both, aim).catch(() => false));
      expect((await call(bed, "GET", held)).body.data).toEqual({ a: "1" });
    } finally {
      await call(bed, "PATCH", held, { metadata: { finalizers: null } }, "application/merge-patch+json");
      await call(bed, "DELETE", `/api/v1/namespaces/${space}`);
      await both.close();
    }
    await until("nothing left", 60_000, async () => (await leftovers()).length === 0);
  });

  test("a namespace is not lost with the undo records in it, nor with volumes", async () => {
    await cluster.owe({ id: "run/1", run: cluster.run, fault: "namespace-loss", aim: null, deadlineMs: 0 });
    const fault = namespaceLoss(home);
    const aim = await fault.aim(cluster, seeded(1));
    await expect(fault.inject(cluster, aim)).rejects.toMatchObject({ code: "SEA_NAMESPACE_UNDO" });
    await cluster.settle("run/1");
    const claim = `/api/v1/namespaces/${home}/persistentvolumeclaims/data`;
    await apply(bed, claim, { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } } });
    await expect(fault.aim(cluster, seeded(1))).rejects.toMatchObject({ code: "SEA_NAMESPACE_DATA", message: expect.stringContaining("data") });
    await call(bed, "DELETE", claim);
    await until("the claim gone", 30_000, async () => (await call(bed, "GET", claim)).status === 404);
  });

  test("what others have changed meanwhile stays", async () => {
    const fault = podDown("shop");
    const aim = await fault.aim(cluster, seeded(9));
    await fault.inject(cluster, aim);
    const { name } = aim.pods[0]!;
    await call(bed, "PATCH", `${pods}/${name}`, { spec: { containers: [{ name: "service", image: "seatrial.test/service:v2" }] } }, "application/strategic-merge-patch+json");
    await until("healed", 90_000, () => fault.heal(cluster, aim));
    expect((await call(bed, "GET", `${pods}/${name}`)).body.spec.containers[0].image).toBe("seatrial.test/service:v2");
    await call(bed, "DELETE", `${pods}/${name}`);
  });

  test("a terminated node is replaced by nobody here: its pods are, its object goes, and it stays gone", async () => {
    const fault = nodeTerminate();
    const aim = await fault.aim(cluster, seeded(1));
    const node = aim.nodes[0]!;
    try {
      await fault.inject(cluster, aim);
      expect(await fault.recovered(cluster, aim)).toBe(false);
      await until("recovered", 120_000, () => fault.recovered(cluster, aim));
      await until("healed", 60_000, () => fault.heal(cluster, JSON.parse(JSON.stringify(aim))));
      expect((await call(bed, "GET", `/api/v1/nodes/${node}`)).status).toBe(404);
    } finally {
      await startNode(bed, node, await imagesFile());
      await until("the node back", 90_000, async () => (await cluster.nodes()).some((one) => one.name === node && one.ready));
    }
  });
});
