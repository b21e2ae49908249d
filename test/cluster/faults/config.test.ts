import { afterAll, beforeAll, expect, test } from "vitest";
import { configLoss, dnsLoss, endpointLoss, namespaceLoss, secretLoss, wrongLimits } from "../../../drivers/kubernetes/index.ts";
import { lift, undo } from "../../../src/index.ts";
import { seeded } from "../../../src/units/random.ts";
import { faultContract } from "../../contract/fault.ts";
import { apply, call } from "../../world/kubernetes/control/call.ts";
import { until } from "../../world/kubernetes/machine/command.ts";
import { bed, describeInBed } from "../bed.ts";
import { deploy, deployment, home, leftovers, makeHome, open, seaFacts, undeploy } from "./sea.ts";

const at = `/api/v1/namespaces/${home}`;

describeInBed("faults of configuration", () => {
  beforeAll(async () => {
    await makeHome();
    await deploy("shop");
    await apply(bed, `${at}/secrets/db`, { apiVersion: "v1", kind: "Secret", metadata: { name: "db", labels: { app: "shop" } }, type: "Opaque", data: { password: "aHVzaC1odXNo" } });
    await apply(bed, `${at}/configmaps/settings`, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { mode: "calm" } });
  });
  afterAll(() => undeploy("shop"));

  const recovery = lift({ after: "1s" });
  faultContract("kubernetes", seaFacts(), [
    { title: "limits too small, lifted", fault: wrongLimits("shop", { memory: "4Mi" }), recovery },
    { title: "limits too small, and the release undone", fault: wrongLimits("shop", { cpu: "900" }), recovery: undo() },
    { title: "a secret lost", fault: secretLoss("db"), recovery },
    { title: "a config map lost", fault: configLoss("settings"), recovery },
    { title: "all endpoints lost", fault: endpointLoss("shop"), recovery },
  ]);

  test("a secret comes back as it was, and its copy is nowhere but in the cluster", async () => {
    const was = (await call(bed, "GET", `${at}/secrets/db`)).body;
    const cluster = await open();
    try {
      const fault = secretLoss("db");
      const aim = await fault.aim(cluster, seeded(1));
      await fault.inject(cluster, aim);
      expect(JSON.stringify(aim)).not.toMatch(/hush|aHVz/);
      expect((await call(bed, "GET", `${at}/secrets/db`)).status).toBe(404);
      await until("healed", 20_000, () => fault.heal(cluster, aim));
      const { type, data, metadata } = (await call(bed, "GET", `${at}/secrets/db`)).body;
      expect({ type, data, labels: metadata.labels }).toEqual({ type: was.type, data: was.data, labels: was.metadata.labels });
    } finally {
      await cluster.close();
    }
  });

  test("the cluster's name service is taken away and given back", async () => {
    const system = "/api/v1/namespaces/kube-system";
    const labels = { "k8s-app": "kube-dns" };
    await apply(bed, "/apis/apps/v1/namespaces/kube-system/deployments/coredns", {
      ...deployment("coredns", { replicas: 1 }), metadata: { name: "coredns", labels },
    });
    await apply(bed, `${system}/services/kube-dns`, { apiVersion: "v1", kind: "Service", metadata: { name: "kube-dns", labels }, spec: { selector: { app: "coredns" }, ports: [{ port: 53, targetPort: 8080 }] } });
    const ready = async () => (await call(bed, "GET", "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkube-dns")).body.items
      .flatMap((slice: any) => slice.endpoints ?? []).filter((one: any) => one.conditions.ready).length as number;
    const cluster = await open();
    try {
      await until("a name service", 60_000, async () => (await ready()) === 1);
      const fault = dnsLoss();
      const aim = await fault.aim(cluster, seeded(1));
      expect(aim.targets).toEqual([{ what: "object", name: "service/kube-dns", namespace: "kube-system" }]);
      await fault.inject(cluster, aim);
      expect(await fault.recovered(cluster, aim)).toBe(false);
      await until("no name service", 20_000, async () => (await ready()) === 0);
      await until("healed", 20_000, () => fault.heal(cluster, JSON.parse(JSON.stringify(aim))));
      await until("a name service again", 20_000, async () => (await ready()) === 1);
      expect(await fault.recovered(cluster, aim)).toBe(true);
    } finally {
      await cluster.close();
      await call(bed, "DELETE", "/apis/apps/v1/namespaces/kube-system/deployments/coredns");
      await call(bed, "DELETE", `${system}/services/kube-dns`);
    }
  });

  test("a namespace that is lost is made again with all that people have made in it", async () => {
    const space = "faults-cart";
    const into = (path: string, body: object) => apply(bed, path, body);
    await into(`/api/v1/namespaces/${space}`, { apiVersion: "v1", kind: "Namespace", metadata: { name: space, labels: { team: "cart" } } });
    await until("its account", 30_000, async () => (await call(bed, "GET", `/api/v1/namespaces/${space}/serviceaccounts/default`)).status === 200);
    await into(`/api/v1/namespaces/${space}/secrets/key`, { apiVersion: "v1", kind: "Secret", metadata: { name: "key" }, data: { key: "c2VzYW1l" } });
    await into(`/api/v1/namespaces/${space}/configmaps/settings`, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { mode: "calm" } });
    await into(`/apis/apps/v1/namespaces/${space}/deployments/cart`, deployment("cart", { replicas: 2 }));
    await into(`/api/v1/namespaces/${space}/services/cart`, { apiVersion: "v1", kind: "Service", metadata: { name: "cart" }, spec: { selector: { app: "cart" }, ports: [{ port: 80, targetPort: 8080 }] } });
    await into(`/apis/rbac.authorization.k8s.io/v1/namespaces/${space}/roles/reader`, { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "reader" }, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] });
    const cluster = await open({ namespaces: [home, space] });
    try {
      await until("cart whole", 60_000, async () => (await cluster.workloads()).some((one) => one.name === `${space}/cart` && one.ready === 2));
      const fault = namespaceLoss(space);
      const aim = await fault.aim(cluster, seeded(1));
      const address = (await call(bed, "GET", `/api/v1/namespaces/${space}/services/cart`)).body.spec.clusterIP;
      expect(await fault.heal(cluster, aim)).toBe(true);
      expect((await call(bed, "GET", `/api/v1/namespaces/${space}`)).body.metadata.uid).toBe(aim.uid);
      await fault.inject(cluster, aim);
      expect(await fault.recovered(cluster, aim)).toBe(false);
      expect(JSON.stringify(aim)).not.toMatch(/sesame|c2VzYW1l/);
      await until("the namespace gone", 90_000, async () => (await call(bed, "GET", `/api/v1/namespaces/${space}`)).status === 404);
      await until("healed", 90_000, () => fault.heal(cluster, JSON.parse(JSON.stringify(aim))));
      expect(await fault.recovered(cluster, aim)).toBe(true);
      const got = async (path: string) => (await call(bed, "GET", path)).body;
      expect((await got(`/api/v1/namespaces/${space}`)).metadata.labels).toMatchObject({ team: "cart" });
      expect((await got(`/api/v1/namespaces/${space}/secrets/key`)).data).toEqual({ key: "c2VzYW1l" });
      expect((await got(`/api/v1/namespaces/${space}/configmaps/settings`)).data).toEqual({ mode: "calm" });
      expect((await got(`/api/v1/namespaces/${space}/services/cart`)).spec.clusterIP).toBe(address);
      expect((await got(`/apis/rbac.authorization.k8s.io/v1/namespaces/${space}/roles/reader`)).rules).toHaveLength(1);
    } finally {
      await cluster.close();
      await call(bed, "DELETE", `/api/v1/namespaces/${space}`);
      await until("the namespace gone", 90_000, async () => (await call(bed, "GET", `/api/v1/namespaces/${space}`)).status === 404);
    }
  });

  test("nothing is left of them", async () => {
    await until("nothing left", 30_000, async () => (await leftovers()).length === 0).catch(() => undefined);
    expect(await leftovers()).toEqual([]);
  });
});
