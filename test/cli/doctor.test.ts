import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { doctor, isAtLeast, type Patient } from "../../src/cli/doctor.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "seatrial-doctor-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const patient = (env: Patient["env"] = {}): Patient => ({ folder, nodeVersion: "24.0.0", env: { HOME: folder, PATH: folder, ...env } });
const check = async (name: string, of: Patient) => (await doctor(of)).find((one) => one.name === name)!;

async function install(name: string, version: string) {
  await mkdir(join(folder, "node_modules", name), { recursive: true });
  await writeFile(join(folder, "node_modules", name, "package.json"), JSON.stringify({ name, version }));
}

async function program(name: string, script: string) {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}

test.each([
  ["22.19.0", "22.19.0", true], ["22.18.9", "22.19.0", false], ["23.0.0", "22.19.0", true], ["9.1.0", "10.0.0", false],
  ["24.0.0-rc.1", "22.19.0", true], ["22", "22.19.0", false],
])("version %s at least %s: %s", (have, least, answer) => expect(isAtLeast(have, least)).toBe(answer));

test("every lack has one command, and nothing else has", async () => {
  for (const { name, state, mend } of await doctor(patient())) expect([name, state === "ok"]).toEqual([name, mend === undefined]);
});

test("an old Node is too old", async () => {
  expect(await check("Node", { ...patient(), nodeVersion: "20.20.2" })).toMatchObject({ state: "too old", found: "20.20.2" });
});

// One that this repository never has: doctor looks beside itself, too.
test("packages: missing, too old, there", async () => {
  expect(await check("artillery", patient())).toMatchObject({ state: "missing", mend: "npm install --save-dev artillery" });
  await install("artillery", "1.7.9");
  expect(await check("artillery", patient())).toMatchObject({ state: "too old", found: "1.7.9", mend: "npm install --save-dev artillery@latest" });
  await install("artillery", "2.0.34");
  expect(await check("artillery", patient())).toMatchObject({ state: "ok", found: "2.0.34" });
});

test("browsers: missing, from the variable, the cache, the PATH", async () => {
  expect(await check("Firefox", patient())).toMatchObject({ state: "missing", mend: "npx playwright-core install --with-deps firefox" });
  expect(await check("Firefox", patient({ FIREFOX_PATH: "/no/firefox" }))).toMatchObject({ state: "missing", mend: "unset FIREFOX_PATH" });
  await program("firefox-esr", "exit 0");
  expect(await check("Firefox", patient())).toMatchObject({ state: "ok", found: `${join(folder, "firefox-esr")} (system)` });
  await mkdir(join(folder, "browsers", "firefox-1500", "firefox"), { recursive: true });
  await program("browsers/firefox-1500/firefox/firefox", "exit 0");
  expect(await check("Firefox", patient({ PLAYWRIGHT_BROWSERS_PATH: join(folder, "browsers") }))).toMatchObject({ found: `${join(folder, "browsers", "firefox-1500", "firefox", "firefox")} (cache)` });
});

test("a driver of browsers: missing, there", async () => {
  expect(await check("chromedriver", patient())).toMatchObject({ state: "missing", mend: "sudo apt-get install chromium-driver" });
  await program("chromedriver", "exit 0");
  expect(await check("chromedriver", patient())).toMatchObject({ state: "ok", found: join(folder, "chromedriver") });
});

test("cluster access: no kubeconfig, a broken one, contexts with and without a server that answers", async () => {
  expect(await check("cluster access", patient())).toMatchObject({ state: "missing", found: `no context in ${join(folder, ".kube", "config")}`, mend: "aws eks update-kubeconfig --name CLUSTER" });
  const file = join(folder, "kubeconfig");
  await writeFile(file, "a: [b");
  expect(await check("cluster access", patient({ KUBECONFIG: file }))).toMatchObject({ state: "missing", found: expect.stringContaining(file), mend: "kubectl config view" });
  const server = createServer((_, response) => response.end('{"gitVersion":"v1.36.4"}')).listen(0, "127.0.0.1");
  await once(server, "listening");
  const entry = (name: string, port: number) => ({ cluster: { name, cluster: { server: `http://127.0.0.1:${port}` } }, context: { name, context: { cluster: name, user: "u" } } });
  const entries = [entry("shop-staging", (server.address() as AddressInfo).port), entry("shop-prod", 1)];
  const write = (some: typeof entries) => writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "Config", clusters: some.map((one) => one.cluster), contexts: some.map((one) => one.context), users: [{ name: "u", user: { token: "t" } }] }));
  try {
    await write(entries);
    expect(await check("cluster access", patient({ KUBECONFIG: file }))).toMatchObject({ state: "ok", found: expect.stringMatching(/kubeconfig: shop-staging \(v1\.36\.4\), shop-prod \(SEA_KUBE_UNREACHABLE: /) });
    await write(entries.slice(1));
    expect(await check("cluster access", patient({ KUBECONFIG: file }))).toMatchObject({ state: "missing", mend: "kubectl --context shop-prod version" });
  } finally {
    server.close();
  }
});
