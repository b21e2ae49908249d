import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { bedOf, nodeOf } from "./bed.ts";
import { keyOf, recipes, type Recipe } from "./build/recipes.ts";
import { fakeNode } from "./control/fake.ts";
import { cniText, containerdText, initText, kubeletText, proxyText } from "./node/config.ts";
import { kubeconfigText } from "./pki/kubeconfig.ts";

const all: readonly Recipe[] = Object.values(recipes);
const node = nodeOf(bedOf("main"), "node3");

describe("what is built", () => {
  test("has a folder of its own for whatever changes the programs", () => {
    const recipe = recipes.etcd as Recipe;
    const changed: readonly Recipe[] = [recipe, { ...recipe, version: "0" }, { ...recipe, mod: "" }, { ...recipe, sum: "x" }, { ...recipe, cgo: !recipe.cgo }, { ...recipe, set: { a: "b" } }, { ...recipe, files: { a: ["b"] } }, { ...recipe, programs: {} }];
    expect(new Set(changed.map(keyOf)).size).toBe(changed.length);
    expect(keyOf({ ...recipe })).toBe(keyOf(recipe));
    expect(new Set(all.map(keyOf)).size).toBe(all.length);
    for (const one of all) expect(keyOf(one)).toMatch(new RegExp(`^${one.name}-${one.version.replaceAll(".", "\\.")}-[0-9a-f]{10}$`));
  });

  test("names every module at a version, and no folder", () => {
    for (const { mod } of all) {
      expect(mod).toMatch(/^module testbed\.seatrial\/[\w-]+\n\ngo 1\.26\.0\n/);
      const lines = mod.split("\n").filter((line) => line.startsWith("\t"));
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line).toMatch(/^\t(\S+ => )?[\w./-]+ v\d+\.\d+\.\d+(-[\w.-]+)?$/);
    }
  });

  test("the modules in Kubernetes' own tree are of its version, and so is what it says of itself", () => {
    const { mod, version, set } = recipes.kubernetes;
    const [, minor, patch] = version.split(".");
    expect(mod.match(/^\tk8s\.io\/[\w-]+ => .*$/gm)).toHaveLength(33);
    for (const line of mod.match(/=> .*/g) ?? []) expect(line).toMatch(new RegExp(`v0\\.${minor}\\.${patch}$`));
    expect(set).toEqual({ "k8s.io/component-base/version.gitVersion": `v${version}`, "k8s.io/component-base/version.gitMajor": "1", "k8s.io/component-base/version.gitMinor": minor });
  });
});

describe("what nodes are told", () => {
  test("texts that their readers understand", () => {
    const kubelet = parse(kubeletText(node, "/pki/authority.crt", 20_000));
    expect(kubelet).toMatchObject({ kind: "KubeletConfiguration", cgroupRoot: `/${node.cgroup}`, maxOpenFiles: 20_000, failCgroupV1: false, authentication: { anonymous: { enabled: false }, x509: { clientCAFile: "/pki/authority.crt" } } });
    expect(parse(proxyText("node3", node.address, "/users/p"))).toMatchObject({ mode: "nftables", hostnameOverride: "node3", bindAddress: node.address, clientConnection: { kubeconfig: "/users/p" } });
    expect(JSON.parse(cniText(node)).plugins[0].ipam.ranges).toEqual([[{ subnet: node.pods }]]);
    expect(containerdText(node).split("\n").filter((line) => line !== "" && !/^(\[.+\]|\w+ = .+)$/.test(line))).toEqual([]);
    expect(fakeNode("fake7")).toMatchObject({ metadata: { name: "fake7" }, spec: { taints: [{ effect: "NoSchedule" }] } });
  });

  test("a kubeconfig that names the bed, its user, and one address", () => {
    for (const [credentials, user] of [[{ token: "t" }, { token: "t" }], [{ key: "k", certificate: "c" }, { "client-key-data": "aw==", "client-certificate-data": "Yw==" }]] as const) {
      expect(parse(kubeconfigText("main", "bob", "ca", credentials))).toEqual({
        apiVersion: "v1", kind: "Config", "current-context": "main",
        clusters: [{ name: "main", cluster: { server: "https://172.30.0.1:6443", "certificate-authority-data": "Y2E=" } }],
        users: [{ name: "bob", user }],
        contexts: [{ name: "main", context: { cluster: "main", user: "bob" } }],
      });
    }
  });

  test("a script for their first process that a shell understands", () => {
    const folder = mkdtempSync(join(tmpdir(), "seatrial-init-"));
    const file = join(folder, "init.sh");
    writeFileSync(file, initText(node, "a-boot"));
    expect(spawnSync("bash", ["-n", file], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    expect(initText(node, "a-boot")).toContain("hide /proc/sys/kernel/random/boot_id a-boot\n");
    rmSync(folder, { recursive: true });
  });
});
