/** What the suites of consent share: a shop in a namespace of its own, scenarios against it, and people with fewer rights than the bed's owner. */
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { resources, type Api, type Resource, type Thing } from "../../../drivers/kubernetes/index.ts";
import { makeHome, seatrial, stepsOf, until, type Ended, type Home, type Voyage } from "../../cli/seatrial.ts";
import { userConfig } from "../../world/kubernetes/pki/authority.ts";
import { bed } from "../bed.ts";
import { clock, owner, shop, wayIn } from "../kubernetes/sea.ts";

export interface Shore {
  readonly api: Api;
  readonly namespace: string;
  readonly home: Home;
  readonly url: string;
  /** The command line as this person's: the bed's owner, unless another kubeconfig is given. */
  seatrial(args: readonly string[], kubeconfig?: string): Promise<Ended>;
  /** Writes a scenario against the shop: what the cluster may lose, and its one storm. */
  scenario(name: string, storm: string, more?: { readonly context?: string; readonly mayLose?: string }): void;
  whole(): Promise<void>;
}

export interface DeploymentThing extends Thing {
  readonly spec: { readonly replicas: number; readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } } };
  readonly status?: { readonly readyReplicas?: number; readonly updatedReplicas?: number; readonly replicas?: number };
}

export const storms = {
  "pod-loss": `fault: podLoss("shop"), recover: { by: "platform", within: "40s" }`,
  "bad-canary": `fault: badCanary("shop", { version: "bad", image: "seatrial.test/service:crash" }), recover: { by: undo(), within: "40s" }`,
  /** Nobody takes it back before the run is over. */
  "stuck-canary": `fault: badCanary("shop", { version: "bad", image: "seatrial.test/service:crash" }), recover: { by: "platform", within: "5m" }`,
} as const;

const may = `{ pods: 1, releases: ["shop"] }`;

let count = 0;

/** Deploys three replicas, plays, and takes everything away again. */
export async function ashore(play: (shore: Shore) => Promise<void>): Promise<void> {
  const api = await owner();
  const namespace = `consent-${process.pid}-${++count}`;
  const home = makeHome();
  const whole = async () => {
    const endMs = clock.now() + 90_000;
    for (;;) {
      const now = await api.read<DeploymentThing>(resources.deployments, "shop", namespace);
      const { readyReplicas, updatedReplicas, replicas } = now?.status ?? {};
      if (readyReplicas === 3 && updatedReplicas === 3 && replicas === 3) return;
      if (clock.now() > endMs) throw new Error(`the shop is not whole within 90 s: ${JSON.stringify(now?.status)}`);
      await clock.sleep(100);
    }
  };
  try {
    for (const [resource, thing] of shop(namespace, 3)) await api.apply(resource, thing);
    await whole();
    const url = await wayIn(api, namespace);
    await play({
      api, namespace, home, url, whole,
      seatrial: (args, kubeconfig = bed.kubeconfig) => seatrial(args, { cwd: home.folder, env: { KUBECONFIG: kubeconfig }, withinMs: 200_000 }),
      scenario: (name, storm, { context = bed.name, mayLose = may } = {}) => home.write({
        [name]: `import { arrivals, badCanary, journey, podLoss, scenario, undo } from "seatrial";
import { http } from "seatrial/http";
import { kubernetes } from "seatrial/kubernetes";
const shop = http({ service: "shop" });
const browse = journey({ shop }, async ({ shop }) => void (await shop.get("/")));
const load = { browse: arrivals("5/s") };
export default scenario({
  name: "${name}", journeys: { browse },
  cluster: kubernetes({ context: "${context}", namespaces: ["${namespace}"], services: { shop: "${url}" }, mayLose: ${mayLose} }),
  phases: [{ name: "calm", for: "1s", load }, { name: "storm", load, ${storm} }],
  budget: { browse: { errors: "100%" } },
});
`,
      }),
    });
  } finally {
    await api.remove(resources.namespaces, namespace, undefined);
    api.close();
    home.remove();
  }
}

/** Moves the shop to node1, all of it. */
export async function onOneNode({ api, namespace, whole }: Shore): Promise<void> {
  const { metadata } = await api.patch(resources.deployments, "shop", namespace, { strategic: { spec: { template: { spec: { nodeSelector: { "kubernetes.io/hostname": "node1" } } } } } });
  for (;;) {
    const now = await api.read<DeploymentThing>(resources.deployments, "shop", namespace);
    if (((now?.status as { readonly observedGeneration?: number } | undefined)?.observedGeneration ?? 0) >= (metadata.generation ?? 0)) break;
    await clock.sleep(100);
  }
  await whole();
}

/** Open undo records in a namespace. */
export const recordsIn = ({ api, namespace }: Pick<Shore, "api" | "namespace">): Promise<readonly Thing[]> => api.list(resources.configMaps, { namespace, labels: "seatrial.dev/undo=open" });

/** The image that the shop should run. */
export const imageOf = async ({ api, namespace }: Shore): Promise<string> => (await api.read<DeploymentThing>(resources.deployments, "shop", namespace))!.spec.template.spec.containers[0]!.image;

const byKind: Readonly<Record<string, Resource>> = {
  Role: resources.roles, RoleBinding: resources.roleBindings, ClusterRole: resources.clusterRoles, ClusterRoleBinding: resources.clusterRoleBindings,
  ServiceAccount: resources.serviceAccounts, Job: resources.jobs,
};

export const thingsIn = (yaml: string): readonly Thing[] => parseAllDocuments(yaml).map((one) => one.toJS() as Thing).filter((one) => one !== null);

/** Applies what `seatrial rbac` printed; what is across the cluster goes when `play` is over. */
export async function allowed(api: Api, things: readonly Thing[], play: () => Promise<void>): Promise<void> {
  try {
    for (const thing of things) await api.apply(byKind[thing.kind]!, thing);
    await play();
  } finally {
    for (const { kind, metadata } of things) if (metadata.namespace === undefined) await api.remove(byKind[kind]!, metadata.name, undefined);
  }
}

/** Somebody with a certificate of the bed and no rights of their own. */
export const person = (name: string, lifeMs?: number): string => userConfig(bed, { name } as Parameters<typeof userConfig>[1], lifeMs);

/** The owner's kubeconfig, with its context under another name. */
export function renamed(home: Home, context: string): string {
  home.write({ [`${context}.kubeconfig`]: readFileSync(bed.kubeconfig, "utf8").replace(`- name: ${bed.name}\n    context:`, `- name: ${context}\n    context:`) });
  return home.path(`${context}.kubeconfig`);
}

/** Waits until a run has done its harm, however busy the machine is. */
export function struck(voyage: Voyage, ledger: string): Promise<void> {
  return until("the harm", () => {
    if (voyage.hasEnded()) throw new Error(`ended without harm:\n${voyage.err}`);
    return stepsOf(ledger).includes("injected");
  }, 90_000);
}
