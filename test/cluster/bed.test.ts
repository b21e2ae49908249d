/** The test bed itself, on the bed that the other suites use, too: it leaves it as it was. */
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { network, nodeNames, nodeOf } from "../world/kubernetes/bed.ts";
import { call } from "../world/kubernetes/control/call.ts";
import { killPart, partPid } from "../world/kubernetes/control/plane.ts";
import { run, until } from "../world/kubernetes/machine/command.ts";
import { inside } from "../world/kubernetes/machine/network.ts";
import { cutNode, deeds, killProgram, mendNode, programOf } from "../world/kubernetes/node/node.ts";
import { imagesFile } from "../world/kubernetes/images/images.ts";
import { userConfig } from "../world/kubernetes/pki/authority.ts";
import { status, up } from "../world/kubernetes/testbed.ts";
import { bed, describeInBed } from "./bed.ts";
import { answer, deploy, undeploy, type Workload } from "./workload.ts";

const web: Workload = { name: "bed-web", replicas: 4, nodePort: 30_180 };

const condition = async (node: string): Promise<string | undefined> =>
  (await call(bed, "GET", `/api/v1/nodes/${node}`)).body?.status?.conditions?.find((one: { type: string }) => one.type === "Ready")?.status;
const isReady = (node: string) => until(`${node} Ready`, 60_000, async () => (await condition(node)) === "True");
const served = (what: string) => until(what, 60_000, async () => (await answer(web.nodePort))?.text === "v1");
const pids = async () => {
  const { control } = (await status(bed.name))!;
  return { ...control, ...Object.fromEntries(nodeNames(2).map((node) => [node, programOf(bed, node, "kubelet")])) };
};

describeInBed("the test bed", () => {
  beforeAll(async () => {
    await deploy(bed, web);
    await served("the Service");
  });
  // What one test could not mend the next ones, and other suites, don't suffer from.
  afterEach(async ({ task }) => void (task.result?.state === "fail" && (await up(bed.name))));
  afterAll(() => undeploy(bed, web));

  test("its nodes are real, Ready, and in zones", async () => {
    const { body } = await call(bed, "GET", "/api/v1/nodes");
    const seen = body.items.map((node: any) => ({ name: node.metadata.name, zone: node.metadata.labels["topology.kubernetes.io/zone"], runtime: node.status.nodeInfo.containerRuntimeVersion }));
    expect(seen).toEqual(expect.arrayContaining(nodeNames(2).map((name) => ({ name, zone: nodeOf(bed, name).zone, runtime: expect.stringMatching(/^containerd:/) }))));
    for (const name of nodeNames(2)) await isReady(name);
  });

  test("a Service answers on the world's address, on each node's and on its own", async () => {
    const { body } = await call(bed, "GET", `/api/v1/namespaces/default/services/${web.name}`);
    for (const [address, port] of [[network.api, web.nodePort], [nodeOf(bed, "node1").address, web.nodePort], [nodeOf(bed, "node2").address, web.nodePort], [body.spec.clusterIP, 80]] as const) {
      const said = await until(`an answer on ${address}:${port}`, 30_000, () => answer(port, { address }));
      expect(said, `${address}:${port}`).toEqual({ text: "v1", pod: expect.stringMatching(/^bed-web-/) });
    }
    const pods = new Set<string>();
    await until("answers of several pods", 30_000, async () => pods.add((await answer(web.nodePort))?.pod ?? "").size > 2);
  });

  test("a pod has its service account, a shell, and its logs can be read", async () => {
    const { body } = await call(bed, "GET", `/api/v1/namespaces/default/pods?labelSelector=app=${web.name}`);
    const pod = body.items[0].metadata.name as string;
    const said = await run(inside(bed.world, "curl", "-s", "--max-time", "10", "-k", "--cert", `${bed.folder}/pki/to-kubelets.crt`, "--key", `${bed.folder}/pki/to-kubelets.key`, `https://${network.api}:${network.apiPort}/api/v1/namespaces/default/pods/${pod}/log`));
    expect(said).toBe(`v1 serves as ${pod}\n`);
  });

  test("no route leads out of it", async () => {
    for (const address of ["1.1.1.1", "10.0.0.1", "192.168.0.1"]) {
      const code = await new Promise((resolve) => connect({ host: address, port: 80 }).on("connect", () => resolve("connected")).on("error", (error: NodeJS.ErrnoException) => resolve(error.code)));
      expect(code, address).toBe("ENETUNREACH");
      for (const node of nodeNames(2)) expect(await run(["sh", "-c", `nsenter --net=/run/netns/${nodeOf(bed, node).namespace} ip route get ${address} 2>&1 || true`])).toContain("unreachable");
    }
  });

  test("who has no rights is told so, and who is expired is nobody", async () => {
    const ask = (kubeconfig: string) => run(["sh", "-c", `cat ${kubeconfig}`]).then(async (text) => {
      const field = (name: string) => Buffer.from(new RegExp(`${name}: (\\S+)`).exec(text)![1]!, "base64").toString();
      const { Agent, fetch: undici } = await import("undici");
      const agent = new Agent({ connect: { ca: field("certificate-authority-data"), cert: field("client-certificate-data"), key: field("client-key-data") } });
      const reply = await undici(`https://${network.api}:${network.apiPort}/api/v1/namespaces/default/pods`, { dispatcher: agent });
      await reply.text();
      await agent.close();
      return reply.status;
    });
    expect(await ask(userConfig(bed, { name: "admin" }))).toBe(200);
    expect(await ask(userConfig(bed, { name: "guest" }))).toBe(403);
    expect(await ask(userConfig(bed, { name: "late", groups: ["system:masters"] }, -60_000))).toBe(401);
  });

  test("up again changes nothing", async () => {
    const before = await pids();
    await up(bed.name);
    expect(await pids()).toEqual(before);
  });

  test("up again brings back what was killed, and pods run on meanwhile", async () => {
    const before = await pids();
    const etcd = partPid(bed, "etcd");
    for (const part of ["etcd", "kube-apiserver", "kube-scheduler"] as const) await killPart(bed, part);
    for (const program of ["kubelet", "containerd"] as const) await killProgram(bed, "node1", program);
    expect((await status(bed.name))!.control).toMatchObject({ etcd: undefined, "kube-apiserver": undefined, "kube-scheduler": undefined });
    expect(await answer(web.nodePort)).toMatchObject({ text: "v1" });
    await up(bed.name);
    const after = await pids();
    expect(after).toEqual(Object.fromEntries(Object.keys(before).map((name) => [name, expect.any(Number)])));
    expect(after.etcd).not.toBe(etcd);
    await served("the Service");
  });

  test("a node that is cut off is noticed, and the Service answers through the others", async () => {
    await cutNode(bed, "node2");
    expect((await status(bed.name))!.machines).toMatchObject({ node2: "cut" });
    await until("node2 that is given up", 60_000, async () => (await condition("node2")) === "Unknown");
    await until("ten answers in a row", 60_000, async () => {
      for (let asked = 0; asked < 10; asked += 1) if ((await answer(web.nodePort, { limitMs: 1_000 }))?.text !== "v1") return false;
      return true;
    });
    await mendNode(bed, "node2");
    await isReady("node2");
  });

  test("a node that is switched off answers to nobody, and has booted anew when it is back", async () => {
    const bootOf = async () => (await call(bed, "GET", "/api/v1/nodes/node2")).body.status.nodeInfo.bootID as string;
    const before = await bootOf();
    const images = await imagesFile();
    await deeds["stop"]!(bed, "node2", images);
    expect((await status(bed.name))!.machines).toMatchObject({ node1: "up", node2: "stopped" });
    expect(await answer(web.nodePort, { address: nodeOf(bed, "node2").address, limitMs: 1_000 })).toBeUndefined();
    await deeds["start"]!(bed, "node2", images);
    await isReady("node2");
    await until("another boot", 30_000, async () => (await bootOf()) !== before);
  });

  test("a node that is terminated is gone from the cluster, and up makes it anew", async () => {
    await deeds["terminate"]!(bed, "node2", await imagesFile());
    expect((await status(bed.name))!.machines).toMatchObject({ node2: "gone" });
    expect((await call(bed, "GET", "/api/v1/nodes/node2")).status).toBe(404);
    await up(bed.name);
    await isReady("node2");
    await served("the Service");
  });
});
