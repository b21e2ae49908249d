import { problem } from "../../src/units/errors.ts";
import type { Clock } from "../../src/units/clock.ts";
import { readConfig, thisHome, type MadeContext } from "./api/config.ts";
import { runProgram } from "./api/program.ts";
import { placeOf, type KubernetesPlace, type KubernetesSettings } from "./place.ts";

/** What `eks({ … })` takes. */
export interface EksSettings extends Omit<KubernetesSettings, "context"> {
  /** The cluster's name on EKS. */
  readonly cluster: string;
  /** Such as "eu-central-1". */
  readonly region: string;
  /** A context of the kubeconfig by its name. Default: one that leads to this cluster, or one made with `aws eks get-token`. */
  readonly context?: string;
  /** The profile of the AWS configuration. Default: that of the environment. */
  readonly profile?: string;
}

/**
 * A cluster on EKS. `--on` names it by `context`, or by `cluster` where there is none. It takes a context of
 * the kubeconfig that leads to it; where there is none it asks AWS for the address, and for tokens
 * as `aws eks update-kubeconfig` would set it up, but writes no file.
 *
 * @throws SEA_KUBE_SETTING; when opened also SEA_KUBE_EKS
 * @example
 * eks({ cluster: "shop-staging", region: "eu-central-1", namespaces: ["shop"], services: ["shop"], mayLose: { pods: 1, nodes: 1 } })
 */
export function eks({ cluster, region, context, profile, ...settings }: EksSettings): KubernetesPlace {
  const wrong = (setting: string, value: unknown, form: string) => problem("SEA_KUBE_SETTING", { setting, value: String(value), form }, `eks.${setting}`);
  if (typeof cluster !== "string" || !/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(cluster)) throw wrong("cluster", cluster, "the cluster's name on EKS");
  if (typeof region !== "string" || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) throw wrong("region", region, 'a region such as "eu-central-1"');
  return placeOf({ ...settings, context: context ?? cluster }, async ({ clock, say }) => {
    if (context !== undefined) return { context };
    const known = await contextOf(cluster, region, settings.kubeconfig);
    if (known !== undefined) return { context: known };
    say(`asking AWS for the address of ${cluster} in ${region}`);
    return { context: cluster, made: await made(clock, cluster, region, profile) };
  });
}

/** A context that `aws eks update-kubeconfig`, or eksctl, made for it. */
async function contextOf(cluster: string, region: string, kubeconfig: string | undefined): Promise<string | undefined> {
  const { config } = await readConfig(thisHome(), kubeconfig);
  const names = new Set([`${cluster}.${region}.eksctl.io`]);
  const isArn = (name: string) => new RegExp(`^arn:aws[a-z-]*:eks:${region}:\\d+:cluster/${cluster}$`).test(name);
  return config.contexts.find((one) => isArn(one.cluster) || names.has(one.cluster))?.name;
}

async function made(clock: Clock, cluster: string, region: string, profile: string | undefined): Promise<MadeContext> {
  const words = ["--region", region, ...(profile === undefined ? [] : ["--profile", profile]), "--output", "json", "eks"];
  const describe = [...words, "describe-cluster", "--name", cluster];
  const fail = (why: string, cause?: unknown) => problem("SEA_KUBE_EKS", { cluster, region, why, command: ["aws", ...describe].join(" ") }, "eks.cluster", cause);
  const { code, out, err } = await runProgram(clock, "aws", describe, {}).catch((cause: NodeJS.ErrnoException) => {
    throw fail(cause.code === "ENOENT" ? "the program aws is not installed" : cause.message, cause);
  });
  if (code !== 0) throw fail(err.trim().split("\n").at(-1) || `aws ended with ${code}`);
  let found: { readonly cluster?: { readonly endpoint?: string; readonly status?: string; readonly certificateAuthority?: { readonly data?: string } } };
  try {
    found = JSON.parse(out) as typeof found;
  } catch (cause) {
    throw fail("what aws printed is no JSON", cause);
  }
  const { endpoint, status, certificateAuthority } = found.cluster ?? {};
  if (endpoint === undefined || certificateAuthority?.data === undefined) throw fail(`it is ${status ?? "not known"}, and has no address yet`);
  return { server: endpoint, caData: certificateAuthority.data, plugin: { command: "aws", args: [...words, "get-token", "--cluster-name", cluster], env: [], apiVersion: "client.authentication.k8s.io/v1beta1" } };
}
