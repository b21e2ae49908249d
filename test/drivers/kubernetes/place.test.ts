import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eks, kubernetes, type KubernetesPlace } from "../../../drivers/kubernetes/index.ts";
import { addressOf } from "../../../drivers/kubernetes/cluster/services.ts";
import type { SlimNode } from "../../../drivers/kubernetes/cluster/slim.ts";
import { realClock } from "../../../src/units/clock.ts";
import { seeded } from "../../../src/units/random.ts";
import { RoughServer } from "./rough.ts";

let server: RoughServer;
const path = process.env["PATH"];
beforeEach(async () => {
  server = await new RoughServer().start();
  server.answer = ({ url }, response) => {
    const { pathname, searchParams } = new URL(url!, "http://server");
    // A cluster in which there is nothing.
    if (pathname === "/version" || pathname.endsWith("/pods")) return false;
    if (searchParams.get("watch") === "true") response.flushHeaders();
    else response.end(JSON.stringify({ metadata: { resourceVersion: "100" }, items: [] }));
    return true;
  };
});
afterEach(async () => {
  process.env["PATH"] = path;
  delete process.env["KUBECONFIG"];
  await server.stop();
});

const said: string[] = [];
async function open(place: KubernetesPlace) {
  said.length = 0;
  return place.open({ clock: realClock(), random: seeded(1), signal: new AbortController().signal, run: "run", folder: undefined, say: (line) => said.push(line) });
}
const failure = (act: () => unknown) => Promise.resolve().then(act).then(() => undefined, (error: unknown) => error);

test("the context, the server and its version are shown", async () => {
  const place = kubernetes({ context: "rough", kubeconfig: server.kubeconfig, namespaces: ["shop"] });
  expect(place).toMatchObject({ kind: "kubernetes", name: "rough", mayLose: {}, services: [], address: { context: "rough", kubeconfig: server.kubeconfig, namespaces: ["shop"] } });
  const cluster = await open(place);
  try {
    expect(said).toEqual([expect.stringMatching(/^context rough: http:\/\/127\.0\.0\.1:\d+, Kubernetes v1\.36\.4, namespace shop$/)]);
    expect(await cluster.nodes()).toEqual([]);
    await expect(cluster.stopNode("nobody")).rejects.toMatchObject({ code: "SEA_CLUSTER_UNKNOWN" });
  } finally {
    await cluster.close();
  }
});

test.each([
  [{ context: "" }, "context"],
  [{ namespaces: [] }, "namespaces"],
  [{ namespaces: ["Shop_1"] }, "namespaces"],
  [{ services: { shop: "shop" } }, "services.shop"],
])("settings that can't be used are refused where they stand: %j", async (wrong, setting) => {
  const settings = { context: "rough", namespaces: ["shop"], ...wrong } as Parameters<typeof kubernetes>[0];
  expect(await failure(() => kubernetes(settings))).toMatchObject({ code: "SEA_KUBE_SETTING", place: `kubernetes.${setting}` });
});

test("a cluster that hangs is too old to go by, whatever its watches showed", async () => {
  const clock = realClock();
  const cluster = await open(kubernetes({ context: "rough", kubeconfig: server.kubeconfig, namespaces: ["shop"] }));
  try {
    expect(await cluster.pods()).toEqual([]);
    server.answer = () => true;
    await clock.sleep(3_100);
    expect(await failure(() => cluster.pods())).toMatchObject({ code: "SEA_KUBE_AWAY" });
  } finally {
    await cluster.close();
  }
});

test("reading ten times a second costs the server nothing", async () => {
  const cluster = await open(kubernetes({ context: "rough", kubeconfig: server.kubeconfig, namespaces: ["shop"] }));
  try {
    const before = server.requests.length;
    for (let i = 0; i < 20; i++) {
      await Promise.all([cluster.pods(), cluster.workloads(), cluster.nodes()]);
      await realClock().sleep(20);
    }
    expect(server.requests.length - before).toBeLessThan(8);
  } finally {
    await cluster.close();
  }
});

/** An `aws` that answers what it is told, and writes down how it was called. */
async function aws(script: string): Promise<() => Promise<string[]>> {
  const file = join(server.folder, "aws");
  const calls = join(server.folder, "calls");
  await writeFile(file, `#!/bin/sh\necho "$@" >> ${calls}\n${script}\n`);
  await chmod(file, 0o755);
  process.env["PATH"] = `${server.folder}:${path}`;
  return async () => (await readFile(calls, "utf8")).trim().split("\n");
}

test("on EKS a context is made with tokens of aws, and no file is written", async () => {
  process.env["KUBECONFIG"] = join(server.folder, "none");
  const url = /http:\/\/[^"]+/.exec(await readFile(server.kubeconfig, "utf8"))![0];
  const calls = await aws(`case "$*" in
    *describe-cluster*) echo '{"cluster":{"status":"ACTIVE","endpoint":"${url}","certificateAuthority":{"data":"LS0t"}}}';;
    *get-token*) echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"k8s-aws-v1.x","expirationTimestamp":"2999-01-01T00:00:00Z"}}';;
  esac`);
  const place = eks({ cluster: "shop-staging", region: "eu-central-1", profile: "sailor", namespaces: ["shop"] });
  expect(place.name).toBe("shop-staging");
  const cluster = await open(place);
  await cluster.close();
  expect(cluster.name).toBe("shop-staging");
  expect(server.authorizations.at(-1)).toBe("Bearer k8s-aws-v1.x");
  expect(await calls()).toEqual([
    "--region eu-central-1 --profile sailor --output json eks describe-cluster --name shop-staging",
    "--region eu-central-1 --profile sailor --output json eks get-token --cluster-name shop-staging",
  ]);
  // Healing from another process needs no scenario.
  expect(place.address).toMatchObject({ context: "shop-staging", made: { server: url } });
});

test("on EKS a context of the kubeconfig that leads to the cluster is taken", async () => {
  const arn = "arn:aws:eks:eu-central-1:111122223333:cluster/shop-staging";
  await writeFile(server.kubeconfig, (await readFile(server.kubeconfig, "utf8")).replaceAll("name: rough", `name: ${arn}`).replace("cluster: rough", `cluster: ${arn}`));
  const place = eks({ cluster: "shop-staging", region: "eu-central-1", kubeconfig: server.kubeconfig, namespaces: ["shop"] });
  await (await open(place)).close();
  expect(said[0]).toContain(`context ${arn}`);
  expect(place.address).toMatchObject({ context: arn, name: "shop-staging" });
});

test("an AWS that does not know the cluster, or is not there, is told in its words", async () => {
  process.env["KUBECONFIG"] = join(server.folder, "none");
  const place = () => eks({ cluster: "nope", region: "eu-central-1", namespaces: ["shop"] });
  await aws("echo 'An error occurred (ResourceNotFoundException): No cluster found for name: nope.' >&2; exit 254");
  expect(await failure(() => open(place()))).toMatchObject({ code: "SEA_KUBE_EKS", message: expect.stringContaining("No cluster found for name: nope"), hint: expect.stringContaining("aws --region eu-central-1 --output json eks describe-cluster --name nope") });
  process.env["PATH"] = server.folder;
  await writeFile(join(server.folder, "aws"), "");
  await chmod(join(server.folder, "aws"), 0o644);
  expect(await failure(() => open(place()))).toMatchObject({ code: "SEA_KUBE_EKS" });
  expect(await failure(() => eks({ cluster: "nope", region: "Frankfurt", namespaces: ["shop"] }))).toMatchObject({ code: "SEA_KUBE_SETTING", place: "eks.region" });
});

const node = (name: string, ready: boolean, address: string): SlimNode => ({ name, ready, namespace: "", uid: name, generation: 0, labels: {}, providerID: undefined, addresses: [{ type: "Hostname", address: name }, { type: "InternalIP", address }] });
const service = (spec: object, status: object = {}) => ({ apiVersion: "v1", kind: "Service", metadata: { name: "shop", namespace: "pay" }, spec, status }) as Parameters<typeof addressOf>[0];

test.each([
  ["a load balancer by name", service({ ports: [{ port: 443 }] }, { loadBalancer: { ingress: [{ hostname: "lb.example" }] } }), false, ["https://lb.example"]],
  ["a load balancer by address", service({ ports: [{ port: 8080 }] }, { loadBalancer: { ingress: [{ ip: "10.1.2.3" }] } }), false, ["http://10.1.2.3:8080"]],
  ["the port that is called http", service({ ports: [{ name: "metrics", port: 9090, nodePort: 1 }, { name: "http", port: 80, nodePort: 30_000 }] }), false, ["http://10.0.0.1:30000"]],
  ["another ready node each time", service({ ports: [{ port: 80, nodePort: 30_000 }] }), false, ["http://10.0.0.1:30000", "http://[fd00::3]:30000", "http://10.0.0.1:30000"]],
  ["its name, from inside", service({ ports: [{ port: 80 }] }), true, ["http://shop.pay.svc"]],
  ["none without a way in", service({ type: "ClusterIP", ports: [{ port: 80 }] }), false, [undefined]],
  ["none without a port", service({}), false, [undefined]],
])("the address of a service: %s", (_, thing, isInside, expected) => {
  const address = addressOf(thing, isInside, () => [node("b", false, "10.0.0.2"), node("c", true, "fd00::3"), node("a", true, "10.0.0.1")]);
  expect(expected.map(() => address())).toEqual(expected);
});
