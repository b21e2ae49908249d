import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect, resources, type Api, type Thing } from "../../../drivers/kubernetes/index.ts";
import { evictionOf } from "../../../drivers/kubernetes/api/eviction.ts";
import { realClock, type Clock } from "../../../src/units/clock.ts";
import { hurried } from "./hurried.ts";
import { RoughServer, status } from "./rough.ts";

let server: RoughServer;
const apis: Api[] = [];

beforeEach(async () => {
  server = await new RoughServer().start();
});
afterEach(async () => {
  for (const api of apis.splice(0)) api.close();
  await server.stop();
});

async function open(clock: Clock = realClock(), kubeconfig = server.kubeconfig, context = "rough"): Promise<Api> {
  const api = await connect({ context, kubeconfig, clock });
  apis.push(api);
  return api;
}
const failure = (call: Promise<unknown>) => call.then(() => undefined, (error: unknown) => error);
const pod = (name: string): Thing => ({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "shop" } });

test("what may not be done prints the rule that would allow it", async () => {
  const api = await open();
  server.answer = (_, response) => status(response, 403, "Forbidden", 'deployments.apps "cart" is forbidden: User "sailor" cannot patch resource "deployments/scale" in API group "apps" in the namespace "shop"');
  const error = await failure(api.patch(resources.deployments, "cart", "shop", { merge: { spec: { replicas: 0 } } }, { subresource: "scale" }));
  expect(error).toMatchObject({ code: "SEA_KUBE_FORBIDDEN", place: "patch deployments.apps/scale shop/cart" });
  expect((error as { hint: string }).hint).toContain('{ apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: { name: seatrial, namespace: "shop" },\n  rules: [{ apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["patch"] }] }');
  server.answer = (_, response) => status(response, 403, "Forbidden", 'nodes is forbidden: User "sailor" cannot list resource "nodes" in API group "" at the cluster scope');
  expect(await failure(api.list(resources.nodes))).toMatchObject({ hint: expect.stringContaining("kind: ClusterRole, metadata: { name: seatrial }") });
});

test.each([
  [403, "Forbidden", 'pods "p" is forbidden: exceeded quota: small', "SEA_KUBE_REFUSED"],
  [400, "BadRequest", 'admission webhook "no.example" denied the request: not on Friday', "SEA_KUBE_REFUSED"],
  [422, "Invalid", 'Pod "p" is invalid', "SEA_KUBE_REFUSED"],
  [409, "AlreadyExists", 'pods "p" already exists', "SEA_KUBE_EXISTS"],
  [409, "Conflict", "the object has been modified", "SEA_KUBE_CONFLICT"],
  [404, "NotFound", 'namespaces "shop" not found', "SEA_KUBE_NOT_FOUND"],
  [404, "NotFound", "the server could not find the requested resource", "SEA_KUBE_RESOURCE"],
  [401, "Unauthorized", "Unauthorized", "SEA_KUBE_UNAUTHORISED"],
  [500, "InternalError", "etcd is ill", "SEA_KUBE_REFUSED"],
])("%i %s: %s is %s", async (code, reason, message, expected) => {
  const api = await open();
  server.answer = (_, response) => status(response, code, reason, message, { details: { causes: [{ field: "spec.x", message: "is wrong" }] } });
  expect(await failure(api.create(resources.pods, pod("p")))).toMatchObject({ code: expected, message: expect.stringContaining(message), place: "create pods shop/p" });
});

test("a path that no server has is a resource that it does not have, and a thing that is not there is undefined", async () => {
  const api = await open();
  server.answer = ({ url }, response) => url!.startsWith("/apis/chaos-mesh.org") && (((response.statusCode = 404), response.setHeader("content-type", "text/plain")), response.end("404 page not found\n"), true);
  const chaos = { group: "chaos-mesh.org", version: "v1alpha1", plural: "podchaos", kind: "PodChaos", namespaced: true };
  expect(await failure(api.list(chaos, { namespace: "shop" }))).toMatchObject({ code: "SEA_KUBE_RESOURCE", message: expect.stringContaining("no podchaos.chaos-mesh.org") });
  expect(await failure(api.read(chaos, "x", "shop"))).toMatchObject({ code: "SEA_KUBE_RESOURCE" });
  expect(await api.read(resources.pods, "nobody", "shop")).toBeUndefined();
  await api.remove(resources.pods, "nobody", "shop");
});

test("a busy server is asked again when it says so, and not for ever", async () => {
  const api = await open(hurried(20));
  let busy = 2;
  server.answer = (_, response) => busy-- > 0 && (response.setHeader("retry-after", "1"), status(response, 429, "TooManyRequests", "too many requests"));
  expect(await api.version()).toBe("v1.36.4");
  busy = Infinity;
  const asked = server.requests.length;
  expect(await failure(api.version())).toMatchObject({ code: "SEA_KUBE_BUSY" });
  expect(server.requests.length - asked).toBe(5);
});

test("a server that never answers is given up, and one that cuts is told apart from one that is not there", async () => {
  const api = await open(hurried(30));
  server.answer = () => true;
  expect(await failure(api.version())).toMatchObject({ code: "SEA_KUBE_TIMEOUT", message: expect.stringContaining("within 30 s") });
  server.answer = (_, response) => (response.destroy(), true);
  expect(await failure(api.version())).toMatchObject({ code: "SEA_KUBE_UNREACHABLE", message: expect.stringContaining("socket hang up") });
  await server.leave();
  expect(await failure(api.version())).toMatchObject({ code: "SEA_KUBE_UNREACHABLE", message: expect.stringContaining("ECONNREFUSED"), hint: expect.stringContaining("kubectl --context rough version") });
  await server.comeBack();
  server.answer = () => false;
  expect(await api.version()).toBe("v1.36.4");
});

test("a connection that was kept alive and is closed meanwhile is no failure, but what may have been done is not done twice", async () => {
  const api = await open();
  await api.version();
  let count = 0;
  server.answer = (_, response) => count++ === 0 && (response.destroy(), true);
  expect(await api.version()).toBe("v1.36.4");
  count = 0;
  expect(await failure(api.create(resources.pods, pod("p")))).toMatchObject({ code: "SEA_KUBE_UNREACHABLE" });
  expect(count).toBe(1);
});

test("a server that is not trusted is told so", async () => {
  const pem = await readFile(new URL("../http/localhost.pem", import.meta.url)).catch(() => undefined);
  const { cert, key } = pem ? { cert: pem, key: pem } : await selfSigned();
  const secure = createTlsServer({ cert, key }, (_, response) => response.end("{}")).listen(0, "127.0.0.1");
  await new Promise((resolve) => secure.once("listening", resolve));
  try {
    const file = join(server.folder, "tls");
    await writeFile(file, (await readFile(server.kubeconfig, "utf8")).replace(/http:\/\/127\.0\.0\.1:\d+/, `https://127.0.0.1:${(secure.address() as AddressInfo).port}`));
    const api = await open(realClock(), file);
    expect(await failure(api.version())).toMatchObject({ code: "SEA_KUBE_TLS", hint: expect.stringContaining("certificate authority") });
  } finally {
    secure.closeAllConnections();
    secure.close();
  }
});

async function selfSigned() {
  const { execFileSync } = await import("node:child_process");
  const [key, cert] = [join(server.folder, "key.pem"), join(server.folder, "cert.pem")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=rough"], { stdio: "ignore" });
  return { key: await readFile(key), cert: await readFile(cert) };
}

test("a context that is not there names those that are; of several files the first that has a name decides", async () => {
  expect(await failure(open(realClock(), server.kubeconfig, "prod"))).toMatchObject({ code: "SEA_KUBE_CONTEXT", hint: "it has: rough" });
  const second = join(server.folder, "second");
  const text = await readFile(server.kubeconfig, "utf8");
  await writeFile(second, text.replace("token: first", "token: other").replace("name: rough\n  context", "name: second\n  context"));
  process.env["KUBECONFIG"] = [join(server.folder, "not there"), server.kubeconfig, second].join(":");
  try {
    const api = await connect({ context: "second", clock: realClock() });
    apis.push(api);
    await api.version();
    expect(server.authorizations.at(-1)).toBe("Bearer first");
    expect(await failure(connect({ context: "third", clock: realClock() }))).toMatchObject({ code: "SEA_KUBE_CONTEXT", hint: "it has: rough, second" });
  } finally {
    delete process.env["KUBECONFIG"];
  }
});

test.each([
  ["not there", undefined, "ENOENT"],
  ["no YAML", "a: [b", ""],
  ["half of one", 'apiVersion: v1\nkind: Config\ncontexts: [{ name: rough, context: { cluster: lost, user: u } }]\n', "names the cluster 'lost'"],
])("a kubeconfig that is %s is refused by its name", async (_, text, why) => {
  const file = join(server.folder, "bad");
  if (text !== undefined) await writeFile(file, text);
  expect(await failure(open(realClock(), file))).toMatchObject({ code: "SEA_KUBE_CONFIG", message: expect.stringContaining(file) });
  expect(await failure(open(realClock(), file))).toMatchObject({ message: expect.stringContaining(why) });
});

/** A program that gives credentials. */
async function plugin(script: string, more = ""): Promise<void> {
  const file = join(server.folder, "plugin");
  await writeFile(file, `#!/bin/sh\necho x >> ${join(server.folder, "asked")}\n${script}\n`);
  await chmod(file, 0o755);
  await server.config(`exec: { apiVersion: client.authentication.k8s.io/v1, command: ./plugin, args: [token], interactiveMode: Never ${more} }`);
}
const asked = async () => (await readFile(join(server.folder, "asked"), "utf8")).trim().split("\n").length;
const credential = (status: string) => `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":${status}}'`;

test("a program's credential is kept until it ends, and asked for anew when it is refused", async () => {
  const token = join(server.folder, "token");
  await writeFile(token, "one");
  await plugin(`test -n "$KUBERNETES_EXEC_INFO" || exit 3\nt=$(cat ${token})\n${credential(`{"token":"'$t'","expirationTimestamp":"2999-01-01T00:00:00Z"}`)}`);
  server.answer = ({ headers }, response) => headers.authorization === "Bearer old" && status(response, 401, "Unauthorized", "Unauthorized");
  const api = await open();
  await Promise.all([api.version(), api.version(), api.version()]);
  await api.version();
  expect(server.authorizations).toEqual(Array(4).fill("Bearer one"));
  expect(await asked()).toBe(1);
  // The server does not accept it any more.
  server.answer = ({ headers }, response) => headers.authorization === "Bearer one" && status(response, 401, "Unauthorized", "Unauthorized");
  await writeFile(token, "two");
  await Promise.all([api.version(), api.version()]);
  expect(server.authorizations.at(-1)).toBe("Bearer two");
  expect(await asked()).toBe(2);
  server.answer = (_, response) => status(response, 401, "Unauthorized", "the token has expired");
  expect(await failure(api.version())).toMatchObject({ code: "SEA_KUBE_UNAUTHORISED", hint: expect.stringContaining("plugin token") });
});

test("a credential that ends is renewed before it does", async () => {
  await plugin(credential('{"token":"short","expirationTimestamp":"2001-01-01T00:00:00Z"}'));
  const api = await open();
  await api.version();
  await api.version();
  expect(await asked()).toBe(2);
});

test.each([
  ["fails", "echo 'Error: the SSO session has expired' >&2; exit 255", "the SSO session has expired", "run it by hand: "],
  ["prints no credential", "echo hello", "is no credential", "run it by hand: "],
  ["speaks another version", `echo '{"apiVersion":"client.authentication.k8s.io/v1alpha1","status":{"token":"x"}}'`, "v1alpha1", "run it by hand: "],
  ["prints an empty one", credential("{}"), "neither a token nor a certificate", "run it by hand: "],
  ["never ends", "sleep 300", "did not end within 30 s", "run it by hand: "],
])("a program that %s is named", async (_, script, why, hint) => {
  await plugin(script);
  const api = await open(hurried(30));
  expect(await failure(api.version())).toMatchObject({ code: "SEA_KUBE_CREDENTIALS", message: expect.stringContaining(why), hint: expect.stringContaining(hint) });
  expect(await failure(api.version())).toMatchObject({ message: expect.stringContaining(join(server.folder, "plugin")) });
});

test("a program that is not installed is named, with what its maker says", async () => {
  await server.config('exec: { apiVersion: client.authentication.k8s.io/v1, command: no-such-authenticator, installHint: "brew install it" }');
  expect(await failure((await open()).version())).toMatchObject({ code: "SEA_KUBE_CREDENTIALS", message: expect.stringContaining("no-such-authenticator"), hint: "brew install it" });
});

test("evictions are told apart", () => {
  const body = (code: number, message: string, more: object = {}) => JSON.stringify({ kind: "Status", status: "Failure", code, message, ...more });
  expect(evictionOf(201, "{}", undefined)).toMatchObject({ verdict: "going" });
  expect(evictionOf(404, body(404, 'pods "p" not found', { reason: "NotFound" }), undefined)).toMatchObject({ verdict: "gone" });
  expect(evictionOf(409, body(409, "Precondition failed: UID in precondition: a, UID in object meta: b", { reason: "Conflict" }), undefined)).toMatchObject({ verdict: "gone" });
  expect(evictionOf(429, body(429, "Cannot evict pod as it would violate the pod's disruption budget.", { reason: "TooManyRequests", details: { causes: [{ reason: "DisruptionBudget", message: "The disruption budget shop needs 3 healthy pods and has 3 currently" }] } }), 10_000)).toMatchObject({ verdict: "blocked", budget: "shop", retryAfterMs: 10_000 });
  expect(evictionOf(500, body(500, "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."), undefined)).toMatchObject({ verdict: "misconfigured" });
  expect(evictionOf(403, body(403, "x"), undefined)).toBeUndefined();
  expect(evictionOf(404, "404 page not found", undefined)).toBeUndefined();
});
