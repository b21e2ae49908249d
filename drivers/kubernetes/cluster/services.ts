import { isIPv6 } from "node:net";
import type { Api, Thing } from "../api/api.ts";
import { isInCluster, thisHome } from "../api/config.ts";
import * as resources from "../api/resources.ts";
import type { SlimNode } from "./slim.ts";

interface Port {
  readonly name?: string;
  readonly port: number;
  readonly nodePort?: number;
  readonly appProtocol?: string;
}

interface Service extends Thing {
  readonly spec: { readonly type?: string; readonly ports?: readonly Port[] };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] } };
}

/** Answers where a service is now; undefined when it has no way in from here. */
export type Address = () => string | undefined;

const schemeOf = ({ name = "", port, appProtocol = "" }: Port) => (/https/.test(appProtocol) || name.startsWith("https") || port === 443 ? "https" : "http");
const urlOf = (port: Port, host: string, number: number) => {
  const scheme = schemeOf(port);
  const isUsual = number === (scheme === "https" ? 443 : 80);
  return `${scheme}://${isIPv6(host) ? `[${host}]` : host}${isUsual ? "" : `:${number}`}`;
};

/**
 * The way to a service from here: its name where we run in the cluster ourselves, its load balancer, or
 * its port on a node, each call another of the ready ones, as a load balancer before them would choose.
 */
export function addressOf({ metadata, spec, status }: Service, isInside: boolean, nodes: () => readonly SlimNode[]): Address {
  const port = spec.ports?.find(({ name }) => name === "http" || name === "https") ?? spec.ports?.[0];
  if (!port) return () => undefined;
  if (isInside) return () => urlOf(port, `${metadata.name}.${metadata.namespace}.svc`, port.port);
  const balancer = status?.loadBalancer?.ingress?.[0];
  const outside = balancer?.hostname ?? balancer?.ip;
  if (outside !== undefined) return () => urlOf(port, outside, port.port);
  const { nodePort } = port;
  if (nodePort === undefined) return () => undefined;
  let turn = 0;
  return () => {
    const ready = nodes().filter((node) => node.ready).sort((a, b) => (a.name < b.name ? -1 : 1));
    if (ready.length === 0) return undefined;
    const { addresses } = ready[turn++ % ready.length]!;
    const host = (addresses.find(({ type }) => type === "ExternalIP") ?? addresses.find(({ type }) => type === "InternalIP"))?.address;
    return host === undefined ? undefined : urlOf(port, host, nodePort);
  };
}

/** Addresses of the services that have a way in, by name; those of the settings come first. */
export async function findServices(api: Api, names: readonly string[], given: Readonly<Record<string, string>>, namespaces: readonly string[], nodes: () => readonly SlimNode[]): Promise<ReadonlyMap<string, Address>> {
  const found = new Map<string, Address>(Object.entries(given).map(([name, url]) => [name, () => url]));
  const isInside = isInCluster(thisHome());
  for (const name of names.filter((one) => !found.has(one))) {
    for (const namespace of namespaces) {
      const service = await api.read<Service>(resources.services, name, namespace);
      if (!service) continue;
      found.set(name, addressOf(service, isInside, nodes));
      break;
    }
  }
  return found;
}
