/** Chaos Mesh's controller, outside the cluster, with its definitions and its webhooks, as its chart registers them. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { network, type Bed } from "../bed.ts";
import { built } from "../build/builder.ts";
import { recipes } from "../build/recipes.ts";
import { until } from "../machine/command.ts";
import { pauseImage } from "../node/config.ts";
import { pairFrom, pkiOf } from "../pki/authority.ts";
import { apply, call, defineKinds } from "./call.ts";

const port = 9443;
const namespace = "chaos-mesh";

/** The kinds that its webhooks look at, each with its resource. */
const hooked: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["pod", "io", "time", "network", "kernel", "stress", "aws", "azure", "gcp", "dns", "jvm", "http", "block", "physicalmachine"].map((name) => [`${name}chaos`, `${name}chaos`])),
  schedule: "schedules", workflow: "workflows", physicalmachine: "physicalmachines", statuscheck: "statuschecks",
};

/** What it is told by its environment. Its rights are those of the user of `kubeconfig`. */
export function chaosEnv(bed: Bed, folder: string, kubeconfig: string): Readonly<Record<string, string>> {
  const pair = pairFrom(bed, { subject: { name: "chaos-mesh" }, hosts: [network.api] });
  const files = { "tls.crt": pair.certificate, "tls.key": pair.key, "ca.crt": readFileSync(pkiOf(bed).authority, "utf8") };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  return {
    KUBECONFIG: kubeconfig, NAMESPACE: namespace, TEMPLATE_NAMESPACE: namespace, CERTS_DIR: folder, HOME: folder,
    WEBHOOK_HOST: network.api, WEBHOOK_PORT: String(port), METRICS_HOST: "127.0.0.1",
    ENABLE_LEADER_ELECTION: "false", SECURITY_MODE: "true", CHAOSD_SECURITY_MODE: "false",
    TEMPLATE_LABELS: "app.kubernetes.io/component:template", CONFIGMAP_LABELS: "app.kubernetes.io/component:webhook",
    CHAOS_DNS_SERVICE_NAME: "chaos-mesh-dns-server", CHAOS_DNS_SERVICE_PORT: "9288", POD_FAILURE_PAUSE_IMAGE: pauseImage,
  };
}

/**
 * The API's module is newer than the definitions: its webhook fills in a field that they drop, and then
 * refuses every update of such an object as a change of its spec.
 */
const withNewField = (text: string): string => text.replaceAll(/^( +)externalTargets:$/gm, "$1partitionBehavior:\n$1  type: string\n$&");

/** Its kinds, before its controller starts. */
export async function prepareChaos(bed: Bed): Promise<void> {
  const folder = join(await built(recipes["chaos-mesh"], () => {}), "config/crd/bases");
  await apply(bed, `/api/v1/namespaces/${namespace}`, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await defineKinds(bed, readdirSync(folder).map((file) => withNewField(readFileSync(join(folder, file), "utf8"))));
}

/** Its webhooks, once its controller answers; then a wrong object is refused. */
export async function hookChaos(bed: Bed): Promise<void> {
  const ca = Buffer.from(readFileSync(pkiOf(bed).authority)).toString("base64");
  const hook = (name: string, path: string, resource: string) => ({
    name, clientConfig: { url: `https://${network.api}:${port}${path}`, caBundle: ca }, failurePolicy: "Fail", timeoutSeconds: 5, sideEffects: "None", admissionReviewVersions: ["v1"],
    rules: [{ apiGroups: ["chaos-mesh.org"], apiVersions: ["v1alpha1"], operations: ["CREATE", "UPDATE"], resources: [resource] }],
  });
  const hooks = (verb: string) => Object.entries(hooked).map(([kind, resource]) => hook(`${verb[0]}${kind}.kb.io`, `/${verb}-chaos-mesh-org-v1alpha1-${kind}`, resource));
  const register = (kind: string, name: string, webhooks: readonly unknown[]) =>
    apply(bed, `/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}s/${name}`, { apiVersion: "admissionregistration.k8s.io/v1", kind, metadata: { name }, webhooks });
  await register("MutatingWebhookConfiguration", "chaos-mesh-mutation", hooks("mutate"));
  await register("ValidatingWebhookConfiguration", "chaos-mesh-validation", hooks("validate"));
  await register("ValidatingWebhookConfiguration", "chaos-mesh-validation-auth", [hook("vauth.kb.io", "/validate-auth", "*")]);
  const probe = { apiVersion: "chaos-mesh.org/v1alpha1", kind: "PodChaos", metadata: { name: "probe" }, spec: { action: "pod-kill", mode: "one", selector: { namespaces: ["none"] } } };
  await until("Chaos Mesh's webhooks", 60_000, async () => (await call(bed, "POST", "/apis/chaos-mesh.org/v1alpha1/namespaces/default/podchaos?dryRun=All", probe)).status === 201);
}
