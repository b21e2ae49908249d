import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Consent, Guard } from "../../../src/model/consent.ts";
import type { Api } from "../api/api.ts";
import { accountFolder, isInCluster, knownContext, thisHome, type MadeContext } from "../api/config.ts";
import type { Records } from "../undo/records.ts";
import { KubernetesGuard } from "./guard.ts";

export interface GuardedCluster {
  readonly api: Api;
  readonly kubeconfig: string | undefined;
  readonly made: MadeContext | undefined;
  readonly run: string;
  readonly namespaces: readonly string[];
  readonly consent: Consent | undefined;
  readonly records: Records;
}

/** The guard of a cluster that was opened. */
export async function guardOf({ kubeconfig, made, ...parts }: GuardedCluster): Promise<Guard> {
  const { server } = await knownContext(parts.api.context, { kubeconfig, made });
  const names = { cluster: [server.name], server: URL.canParse(server.server) ? [new URL(server.server).hostname] : [] };
  return new KubernetesGuard({ ...parts, names, self: ownPod() });
}

/** A pod is called as its host is; a host network would hide that, and nobody runs us on one. */
function ownPod(): { readonly name: string; readonly namespace: string } | undefined {
  const home = thisHome();
  if (!isInCluster(home)) return undefined;
  return { name: home.env["HOSTNAME"] ?? hostname(), namespace: readFileSync(`${accountFolder}/namespace`, "utf8").trim() };
}
