import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import type { KubeConfig, Cluster as ServerEntry, User } from "@kubernetes/client-node";
import { problem } from "../../../src/units/errors.ts";
import { clientPackage } from "./package.ts";

/** The context inside a pod: its service account. */
export const inClusterContext = "in-cluster";

/** A program that gives credentials, as a kubeconfig names it (client.authentication.k8s.io). */
export interface ExecPlugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  readonly provideClusterInfo: boolean;
  /** What its maker says to do where it is missing. */
  readonly installHint: string | undefined;
}

/** Where a kubeconfig is looked for; a test gives another machine. */
export interface Home {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
}

/** A context with all that its calls need. */
export interface Known {
  readonly context: string;
  /** The files that were read, or the service account. */
  readonly source: string;
  readonly server: ServerEntry;
  readonly user: string;
  /** Applies TLS and every credential but those of `plugin`. */
  readonly config: KubeConfig;
  readonly plugin: ExecPlugin | undefined;
  /** The context's own namespace. */
  readonly namespace: string | undefined;
}

export const thisHome = (): Home => ({ env: process.env, folder: homedir() });

/** The files of the kubeconfig, in the order in which they count, whether they are there or not. */
export function configFiles(home: Home, given?: string): readonly string[] {
  if (given !== undefined) return [resolve(given)];
  const named = (home.env["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "");
  return named.length > 0 ? [...new Set(named)] : [join(home.folder, ".kube", "config")];
}

/** What a pod knows of its service account. */
export const accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** True in a pod that has a service account. */
export const isInCluster = (home: Home): boolean => home.env["KUBERNETES_SERVICE_HOST"] !== undefined && existsSync(join(accountFolder, "token"));

/**
 * All contexts of the kubeconfig: of several files the first that has a name decides, as for kubectl.
 *
 * @throws SEA_KUBE_CONFIG for a file that can't be read or is none
 */
export async function readConfig(home: Home, given?: string): Promise<{ readonly config: KubeConfig; readonly files: readonly string[] }> {
  const { KubeConfig } = await clientPackage();
  const config = new KubeConfig();
  const files = configFiles(home, given).filter((file) => given !== undefined || existsSync(file));
  const merge = <T extends { readonly name: string }>(into: T[], from: readonly T[]) => into.push(...from.filter(({ name }) => into.every((one) => one.name !== name)));
  for (const file of files) {
    const one = new KubeConfig();
    try {
      if (statSync(file).isDirectory()) throw new Error("it is a folder");
      one.loadFromFile(file);
    } catch (cause) {
      throw problem("SEA_KUBE_CONFIG", { file, why: (cause as Error).message.split("\n")[0]! }, "kubernetes", cause);
    }
    for (const user of one.users) pathOfPlugin(user, dirname(resolve(file)));
    merge(config.clusters, one.clusters);
    merge(config.users, one.users);
    merge(config.contexts, one.contexts);
  }
  return { config, files };
}

/** A command with a slash counts from the folder of its file. */
function pathOfPlugin({ exec }: User, folder: string): void {
  const command = (exec as { command?: unknown } | undefined)?.command;
  if (typeof command === "string" && command.includes("/")) (exec as { command: string }).command = resolve(folder, command);
}

function pluginOf(user: User | null): ExecPlugin | undefined {
  const exec = user?.exec as { command?: string; args?: string[]; env?: { name: string; value: string }[]; apiVersion?: string; provideClusterInfo?: boolean; installHint?: string } | undefined;
  if (!exec?.command) return undefined;
  return {
    command: exec.command,
    args: exec.args ?? [],
    env: Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
    apiVersion: exec.apiVersion ?? "client.authentication.k8s.io/v1",
    provideClusterInfo: exec.provideClusterInfo ?? false,
    installHint: exec.installHint,
  };
}

/** An entry that no kubeconfig has, such as one made for EKS. */
export interface MadeContext {
  readonly server: string;
  readonly caData: string;
  readonly plugin: { readonly command: string; readonly args: readonly string[]; readonly env: readonly { readonly name: string; readonly value: string }[]; readonly apiVersion: string };
}

/**
 * The context of that name, read anew.
 *
 * @throws SEA_KUBE_CONTEXT with those that there are, SEA_KUBE_CONFIG, SEA_KUBE_PACKAGE
 */
export async function knownContext(context: string, settings: { readonly kubeconfig?: string | undefined; readonly made?: MadeContext | undefined }, home: Home = thisHome()): Promise<Known> {
  const { config, files, source } = await sourceOf(context, settings, home);
  const found = config.getContextObject(context);
  if (!found) {
    const known = config.contexts.map(({ name }) => name);
    throw problem("SEA_KUBE_CONTEXT", { context, where: source, known: known.length > 0 ? known.join(", ") : files.length === 0 ? `none: there is no file ${configFiles(home, settings.kubeconfig).join(", ")}` : "none" }, "kubernetes.context");
  }
  const server = config.getCluster(found.cluster);
  if (!server) throw problem("SEA_KUBE_CONFIG", { file: source, why: `context '${context}' names the cluster '${found.cluster}', which it does not have` }, "kubernetes.context");
  config.setCurrentContext(context);
  const user = config.getUser(found.user);
  // Plain HTTP has nothing to verify; the package wants to hear that said.
  if (server.server.startsWith("http:")) config.clusters = config.clusters.map((one) => (one === server ? { ...one, skipTLSVerify: true } : one));
  const plugin = pluginOf(user);
  // The package runs such programs without end, and forgets neither a refused token nor whom it asked; ours are run beside it.
  config.users = config.users.filter((one) => one !== user);
  config.users.push({ ...user, name: found.user, ...(plugin && { exec: undefined }) });
  return { context, source, server, user: found.user, config, plugin, namespace: found.namespace };
}

async function sourceOf(context: string, { kubeconfig, made }: { readonly kubeconfig?: string | undefined; readonly made?: MadeContext | undefined }, home: Home) {
  if (made) {
    const { KubeConfig } = await clientPackage();
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: context, server: made.server, caData: made.caData, skipTLSVerify: false }],
      users: [{ name: context, exec: made.plugin }],
      contexts: [{ name: context, cluster: context, user: context }],
      currentContext: context,
    });
    return { config, files: [], source: "AWS" };
  }
  if (context === inClusterContext && isInCluster(home)) {
    const { KubeConfig } = await clientPackage();
    const config = new KubeConfig();
    config.loadFromCluster();
    config.contexts = config.contexts.map((one) => ({ ...one, name: inClusterContext }));
    return { config, files: [], source: "the pod's service account" };
  }
  const { config, files } = await readConfig(home, kubeconfig);
  return { config, files, source: files.length > 0 ? files.join(delimiter) : "the kubeconfig" };
}
